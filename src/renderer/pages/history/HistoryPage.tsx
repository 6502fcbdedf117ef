import { Button, TextInput } from '@mantine/core'
import IconArrowsLeftRight from '@tabler/icons-react/dist/esm/icons/IconArrowsLeftRight.mjs'
import IconHistory from '@tabler/icons-react/dist/esm/icons/IconHistory.mjs'
import IconSearch from '@tabler/icons-react/dist/esm/icons/IconSearch.mjs'
import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { RunSummary } from '../../../protocol/contract'
import { EmptyState } from '../../components/EmptyState'
import { errorLine } from '../../components/errorLine'
import { Page } from '../../components/Page'
import { Panel } from '../../components/Panel'
import { Problem } from '../../components/Problem'
import { Verdict } from '../../components/Verdict'
import { Waiting } from '../../components/Waiting'
import { useHost } from '../../host'
import { arrangeRuns, inOrderOfTime, type HistoryOrder } from './arrangeRuns'
import { DeleteRunDialog } from './DeleteRunDialog'
import { formatTime } from './formatTime'
import classes from './HistoryPage.module.css'
import { historyQuery } from './historyQueries'
import { HistoryTable } from './HistoryTable'

/** What did I measure before? */
export function HistoryPage() {
  const { t } = useTranslation(['history', 'common'])
  const { client } = useHost()
  const { data, error, refetch } = useQuery(historyQuery(client))
  if (error)
    return (
      <Problem page={t('common:navigation.history')} message={errorLine(error)}>
        <Button variant="default" size="xs" onClick={() => void refetch()}>
          {t('common:error.retry')}
        </Button>
      </Problem>
    )
  return (
    <Page title={t('common:navigation.history')}>
      {!data ? (
        <Waiting title={t('reading')} />
      ) : data.length === 0 ? (
        <NothingStored />
      ) : (
        <StoredRuns runs={data} />
      )}
    </Page>
  )
}

/** What pages of stored runs show before there is one. */
export function NothingStored() {
  const { t } = useTranslation('history')
  return (
    <EmptyState icon={IconHistory} title={t('empty.title')} text={t('empty.text')}>
      <Button size="xs" renderRoot={(rest) => <Link {...rest} to={'/plan' as never} />}>
        {t('empty.action')}
      </Button>
    </EmptyState>
  )
}

function StoredRuns({ runs }: { readonly runs: readonly RunSummary[] }) {
  const { t } = useTranslation('history')
  const [search, setSearch] = useState('')
  const [order, setOrder] = useState<HistoryOrder>({ column: 'startedAt', descending: true })
  const [tickedIds, setTickedIds] = useState<readonly string[]>([])
  const [removed, setRemoved] = useState<RunSummary | null>(null)
  const shown = arrangeRuns(runs, search, order)
  const damagedCount = runs.filter(({ intact }) => !intact).length
  const otherVersionCount = runs.filter(({ otherVersion }) => otherVersion).length
  const remarks = [
    ...(damagedCount > 0 ? [t('damaged', { count: damagedCount })] : []),
    ...(otherVersionCount > 0 ? [t('otherVersion', { count: otherVersionCount })] : []),
  ]
  const latest = runs.map(({ startedAt }) => startedAt).reduce((a, b) => (a > b ? a : b))

  /** A third tick takes the place of the first. */
  const tick = (id: string) =>
    setTickedIds((ids) =>
      ids.includes(id) ? ids.filter((other) => other !== id) : [...ids.slice(-1), id],
    )

  return (
    <>
      <Verdict
        tone={damagedCount > 0 ? 'warn' : 'neutral'}
        detail={remarks.length > 0 ? remarks.join(' ') : undefined}
        action={<CompareButton runs={runs.filter(({ id }) => tickedIds.includes(id))} />}
      >
        {t('verdict', { count: runs.length, latest: formatTime(latest) })}
      </Verdict>
      <Panel>
        <div className={classes.tools}>
          <TextInput
            type="search"
            size="xs"
            className={classes.search}
            aria-label={t('search')}
            placeholder={t('searchHint')}
            leftSection={<IconSearch size={14} aria-hidden />}
            value={search}
            onChange={({ currentTarget }) => setSearch(currentTarget.value)}
          />
          <span className={classes.hint}>{t('compareHint')}</span>
        </div>
        <HistoryTable
          runs={shown}
          order={order}
          onOrder={setOrder}
          tickedIds={tickedIds}
          onTick={tick}
          onRemove={setRemoved}
        />
        {shown.length === 0 && (
          <p className={classes.nothing}>{t('nothingFound', { search: search.trim() })}</p>
        )}
      </Panel>
      <DeleteRunDialog run={removed} onClose={() => setRemoved(null)} />
    </>
  )
}

function CompareButton({ runs }: { readonly runs: readonly RunSummary[] }) {
  const { t } = useTranslation('history')
  const navigate = useNavigate()
  const [first, second] = runs

  function compare() {
    if (!first || !second) return
    const { base, run } = inOrderOfTime(first, second)
    void navigate({ to: '/compare', search: { run: run.id, base: base.id } } as never)
  }

  return (
    <Button
      size="xs"
      leftSection={<IconArrowsLeftRight size={14} aria-hidden />}
      disabled={!second}
      onClick={compare}
    >
      {t('compare')}
    </Button>
  )
}
