import { Table } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { Estimate } from '../../../core/estimate/estimate'
import type { ExplainedTerm } from '../../../core/estimate/explain'
import { formatSignificant, GB, GiB } from '../../../core/units'
import { TermSwatch } from '../../components/TermLegend'
import { useSentence } from '../../sentences/useSentence'
import classes from './CellDetails.module.css'

interface TermTableProps {
  readonly terms: readonly ExplainedTerm[]
  readonly estimate: Estimate
}

/** In the unit of the column; what would be noughts only is said to be less. */
const inUnit = (bytes: number, unit: number): string =>
  bytes < unit / 1000 ? '< 0.001' : formatSignificant(bytes / unit)

/** Every term that is live at the peak: formula, numbers, result in both units, and whence it comes. */
export function TermTable({ terms, estimate }: TermTableProps) {
  const { t } = useTranslation(['fit', 'common'])
  const say = useSentence()
  return (
    <div className={classes.scroll}>
      <Table aria-label={t('terms.heading')} verticalSpacing={4}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th scope="col">{t('terms.term')}</Table.Th>
            <Table.Th scope="col" w="42%">
              {t('terms.formula')}
            </Table.Th>
            <Table.Th scope="col" ta="right">
              GiB
            </Table.Th>
            <Table.Th scope="col" ta="right">
              GB
            </Table.Th>
            <Table.Th scope="col">{t('terms.source')}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {terms.map(({ term, symbol, formula, substituted, bytes, source }) => (
            <Table.Tr key={term}>
              <Table.Th scope="row" fw={500} className={classes.nowrap}>
                <TermSwatch name={term} />
                {t(`common:term.${term}`)}
              </Table.Th>
              <Table.Td className={classes.formula}>
                {symbol} = {say(formula)}
                <span className={classes.numbers}>= {say(substituted)}</span>
              </Table.Td>
              <Table.Td ta="right" className={classes.nowrap}>
                {inUnit(bytes, GiB)}
              </Table.Td>
              <Table.Td ta="right" className={classes.nowrap}>
                {inUnit(bytes, GB)}
              </Table.Td>
              <Table.Td c="dimmed">{say(source)}</Table.Td>
            </Table.Tr>
          ))}
          <Table.Tr fw={600}>
            <Table.Th scope="row">{t('terms.sum')}</Table.Th>
            <Table.Td />
            <Table.Td ta="right">{inUnit(estimate.totalPeakBytes, GiB)}</Table.Td>
            <Table.Td ta="right">{inUnit(estimate.totalPeakBytes, GB)}</Table.Td>
            <Table.Td />
          </Table.Tr>
        </Table.Tbody>
      </Table>
    </div>
  )
}
