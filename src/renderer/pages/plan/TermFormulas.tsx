import { Table } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { Step } from '../../../core/run/record'
import { formatBytes } from '../../../core/units'
import { TermSwatch } from '../../components/TermLegend'
import classes from './BenchmarkPlan.module.css'
import { explainTerms } from './explainTerms'

/** Every number of the estimate opened into its formula, and why it may be more or less. */
export function TermFormulas({ step, caption }: { readonly step: Step; readonly caption: string }) {
  const { t } = useTranslation(['plan', 'common'])
  return (
    <Table aria-label={caption} withRowBorders={false} verticalSpacing={2} mt="xs">
      <Table.Thead>
        <Table.Tr>
          <Table.Th scope="col">{t('steps.term')}</Table.Th>
          <Table.Th scope="col">{t('textbook.formula')}</Table.Th>
          <Table.Th scope="col" ta="right">
            {t('steps.atPeak')}
          </Table.Th>
          <Table.Th scope="col">{t('steps.how')}</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {explainTerms(step).map(({ term, bytes, formula, numbers, resultBytes }) => (
          <Table.Tr key={term}>
            <Table.Th scope="row" fw={400} className={classes.nowrap}>
              <TermSwatch name={term} />
              {t(`common:term.${term}`)}
            </Table.Th>
            <Table.Td className={classes.formula}>
              {formula}
              {numbers !== null && (
                <>
                  {' = '}
                  {numbers}
                  {' = '}
                  {formatBytes(resultBytes)}
                </>
              )}
            </Table.Td>
            <Table.Td ta="right" className={classes.nowrap}>
              {formatBytes(bytes)}
            </Table.Td>
            <Table.Td c="dimmed">{t(`steps.explain.${step.mode}.${term}`)}</Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  )
}
