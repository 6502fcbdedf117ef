import { Table } from '@mantine/core'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import type { Comparison } from '../../../core/compare/comparison'
import { describeLedgers } from '../../../core/report/describeLedgers'
import { Panel } from '../../components/Panel'
import { Scroller } from '../../components/Scroller'
import { useReportWords } from '../../components/useReportWords'
import classes from './ComparePage.module.css'

/** What the memory of both runs was for, line by line. */
export function LedgerPanel({ comparison }: { readonly comparison: Comparison }) {
  const { t } = useTranslation('compare')
  const words = useReportWords()
  const { summary, rows } = useMemo(() => describeLedgers(comparison, words), [comparison, words])
  if (rows.length === 0) return null
  const { heading, originHeading, differenceHeading, note } = words.comparison.ledger
  const sizes = [t('runA'), t('runB'), differenceHeading]
  return (
    <Panel title={heading}>
      <p className={classes.finding}>{summary}</p>
      <Scroller label={heading} className={classes.scroller}>
        <Table aria-label={heading} verticalSpacing={4} className={classes.table}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th scope="col">{t('column.step')}</Table.Th>
              <Table.Th scope="col">{t('column.term')}</Table.Th>
              <Table.Th scope="col">{originHeading}</Table.Th>
              {sizes.map((size) => (
                <Table.Th key={size} scope="col" data-number>
                  {size}
                </Table.Th>
              ))}
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {rows.map(({ step, term, origin, a, b, difference, hasChanged }, index) => (
              <Table.Tr key={`${step} ${term}`}>
                {rows[index - 1]?.step !== step && (
                  <Table.Th
                    scope="rowgroup"
                    rowSpan={rows.filter((row) => row.step === step).length}
                  >
                    {step}
                  </Table.Th>
                )}
                <Table.Td>{term}</Table.Td>
                <Table.Td data-quiet>{origin}</Table.Td>
                <Table.Td data-number>{a}</Table.Td>
                <Table.Td data-number>{b}</Table.Td>
                <Table.Td data-number data-changed={hasChanged || undefined}>
                  {difference}
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Scroller>
      <p className={classes.paragraph}>{note}</p>
    </Panel>
  )
}
