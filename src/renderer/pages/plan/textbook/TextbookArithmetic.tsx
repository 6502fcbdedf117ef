import { Table, Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { formatSignificant, GB } from '../../../../core/units'
import { Panel } from '../../../components/Panel'
import { TermSwatch } from '../../../components/TermLegend'
import type { GpuChoice } from './gpuChoices'
import classes from './Textbook.module.css'
import type { TextbookCell } from './textbookTable'

interface TextbookArithmeticProps {
  readonly cell: TextbookCell
  readonly gpu: GpuChoice
}

const gigabytes = (bytes: number): string => `${formatSignificant(bytes / GB)} GB`

/** The chosen cell, term by term: formula, numbers, result and where the formula comes from. */
export function TextbookArithmetic({ cell, gpu }: TextbookArithmeticProps) {
  const { t } = useTranslation(['plan', 'common'])
  const { explained, precision, task } = cell
  const heading = t('textbook.arithmetic', { task: t(`textbook.task.${task}`), precision })
  const spare = gpu.limitBytes - cell.totalBytes
  return (
    <Panel title={heading}>
      <div className={classes.scroll}>
        <Table aria-label={heading}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th scope="col">{t('steps.term')}</Table.Th>
              <Table.Th scope="col">{t('textbook.formula')}</Table.Th>
              <Table.Th scope="col">{t('textbook.numbers')}</Table.Th>
              <Table.Th scope="col" ta="right">
                {t('textbook.result')}
              </Table.Th>
              <Table.Th scope="col">{t('textbook.source')}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {explained.map(({ term, symbol, formula, substituted, bytes, source }) => (
              <Table.Tr key={term}>
                <Table.Th scope="row" fw={400} className={classes.nowrap}>
                  <TermSwatch name={term} />
                  {t(`common:term.${term}`)}
                </Table.Th>
                <Table.Td className={classes.formula}>
                  {symbol} = {formula}
                </Table.Td>
                <Table.Td className={classes.formula}>{substituted}</Table.Td>
                <Table.Td ta="right" className={classes.nowrap}>
                  {gigabytes(bytes)}
                </Table.Td>
                <Table.Td c="dimmed">{source}</Table.Td>
              </Table.Tr>
            ))}
            <Table.Tr fw={600}>
              <Table.Th scope="row">{t('textbook.sum')}</Table.Th>
              <Table.Td />
              <Table.Td className={classes.formula}>
                {explained.map(({ bytes }) => formatSignificant(bytes / GB)).join(' + ')}
              </Table.Td>
              <Table.Td ta="right" className={classes.nowrap}>
                {gigabytes(cell.totalBytes)}
              </Table.Td>
              <Table.Td c={cell.fits ? 'dimmed' : 'var(--headroom-bad)'}>
                {cell.fits
                  ? t('textbook.spare', { bytes: gigabytes(spare), name: gpu.name })
                  : t('textbook.missing', { bytes: gigabytes(-spare), name: gpu.name })}
              </Table.Td>
            </Table.Tr>
          </Table.Tbody>
        </Table>
      </div>
      <Text size="sm" c="dimmed" mt="xs">
        {t('textbook.letters')}
      </Text>
    </Panel>
  )
}
