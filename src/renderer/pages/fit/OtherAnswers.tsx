import { Table } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { formatSignificant, GiB } from '../../../core/units'
import { useSentence } from '../../sentences/useSentence'
import classes from './CellDetails.module.css'
import type { Solved } from './useSolved'

/** What other rules say of the same job, beside Headroom's own answer. */
export function OtherAnswers({ solved }: { readonly solved: Solved }) {
  const { t } = useTranslation('fit')
  const say = useSentence()
  const others = solved.estimate?.otherCalculators
  if (!solved.estimate || !others) {
    return <p className={classes.note}>{t(solved.isStale ? 'others.searching' : 'others.none')}</p>
  }
  const { totalPeakBytes } = solved.estimate
  return (
    <Table
      aria-label={t('others.heading')}
      className={classes.answers ?? ''}
      data-stale={solved.isStale}
      verticalSpacing={4}
    >
      <Table.Thead>
        <Table.Tr>
          <Table.Th scope="col">{t('others.rule')}</Table.Th>
          <Table.Th scope="col" ta="right">
            GiB
          </Table.Th>
          <Table.Th scope="col" ta="right">
            {t('others.ofOurs')}
          </Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        <Table.Tr fw={600}>
          <Table.Th scope="row">{t('others.ours')}</Table.Th>
          <Table.Td ta="right">{formatSignificant(totalPeakBytes / GiB)}</Table.Td>
          <Table.Td ta="right">× 1</Table.Td>
        </Table.Tr>
        {others.map(({ name, totalBytes, source }) => (
          <Table.Tr key={name}>
            <Table.Th scope="row" fw={500}>
              {say(name)}
              <small>{say(source)}</small>
            </Table.Th>
            <Table.Td ta="right" title={totalBytes === null ? t('others.noAnswer') : undefined}>
              {totalBytes === null ? '—' : formatSignificant(totalBytes / GiB)}
            </Table.Td>
            <Table.Td ta="right" className={classes.nowrap}>
              {totalBytes === null ? '—' : `× ${formatSignificant(totalBytes / totalPeakBytes)}`}
            </Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  )
}
