import { Button, Table } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { Relief } from '../../../core/estimate/estimate'
import { formatSignificant, GiB } from '../../../core/units'
import { StatusBadge } from '../../components/StatusBadge'
import classes from './CellDetails.module.css'
import type { FitDraft } from './fitDraft'
import { useFitDraft } from './fitDraftStore'
import { applyRelief } from './reliefs'
import { useReliefText } from './useReliefText'
import type { Solved } from './useSolved'

/** What would need less memory, the cheapest that makes it fit first, each to be tried at once. */
export function ReliefTable({ solved }: { readonly solved: Solved }) {
  const { t } = useTranslation('fit')
  const texts = useReliefText()
  const reliefs = solved.estimate?.reliefs
  if (!reliefs || reliefs.length === 0) {
    return (
      <p className={classes.note}>{t(solved.isStale ? 'verdict.searching' : 'reliefs.none')}</p>
    )
  }
  return (
    <div className={classes.scroll} data-stale={solved.isStale}>
      <Table aria-label={t('reliefs.heading')} verticalSpacing={3}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th scope="col">{t('reliefs.change')}</Table.Th>
            <Table.Th scope="col" ta="right">
              {t('reliefs.saves')}
            </Table.Th>
            <Table.Th scope="col" ta="right">
              {t('reliefs.time')}
            </Table.Th>
            <Table.Th scope="col">{t('reliefs.price')}</Table.Th>
            <Table.Th scope="col">{t('reliefs.after')}</Table.Th>
            <Table.Th scope="col" aria-label={t('reliefs.apply')} />
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {reliefs.map((relief) => (
            <ReliefRow
              key={relief.change}
              relief={relief}
              draft={solved.draft}
              text={texts.change(relief, solved.draft)}
              price={texts.price(relief, solved.draft)}
            />
          ))}
        </Table.Tbody>
      </Table>
    </div>
  )
}

interface ReliefRowProps {
  readonly relief: Relief
  readonly draft: FitDraft
  readonly text: string
  /** What is given up beside time; null where nothing is. */
  readonly price: string | null
}

function ReliefRow({ relief, draft, text, price }: ReliefRowProps) {
  const { t } = useTranslation('fit')
  const { savedBytes, timeFactor, fitsAfter, changes } = relief
  const changed = applyRelief(draft, changes)
  return (
    <Table.Tr>
      <Table.Th scope="row" fw={500}>
        {text}
      </Table.Th>
      <Table.Td ta="right">{formatSignificant(savedBytes / GiB)}</Table.Td>
      <Table.Td ta="right" className={classes.nowrap}>
        × {timeFactor.toFixed(2)}
      </Table.Td>
      <Table.Td c="dimmed">{price ?? '—'}</Table.Td>
      <Table.Td>
        <StatusBadge tone={fitsAfter ? 'good' : 'neutral'}>
          {t(fitsAfter ? 'reliefs.fits' : 'reliefs.notYet')}
        </StatusBadge>
      </Table.Td>
      <Table.Td ta="right">
        {changed && (
          <Button
            variant="subtle"
            size="compact-xs"
            aria-label={t('reliefs.applyThis', { change: text })}
            onClick={() => useFitDraft.setState(changed)}
          >
            {t('reliefs.apply')}
          </Button>
        )}
      </Table.Td>
    </Table.Tr>
  )
}
