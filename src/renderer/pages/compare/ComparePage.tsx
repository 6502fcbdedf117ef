import { Button } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { RunRecord } from '../../../core/run/record'
import type { RunSummary } from '../../../protocol/contract'
import { errorLine } from '../../components/errorLine'
import { Page } from '../../components/Page'
import { Problem } from '../../components/Problem'
import { Verdict } from '../../components/Verdict'
import { Waiting } from '../../components/Waiting'
import { useHost } from '../../host'
import { NothingStored } from '../history/HistoryPage'
import { historyQuery, recordQuery } from '../history/historyQueries'
import { RunPicker } from '../history/RunPicker'
import { useRunChoice } from '../history/useRunChoice'
import classes from './ComparePage.module.css'
import { PrecisionComparisonView } from './PrecisionComparisonView'
import { RunComparisonView } from './RunComparisonView'

/** What does it mean? The precisions of one run, or two runs side by side. */
export function ComparePage() {
  const { t } = useTranslation(['compare', 'common'])
  const { client } = useHost()
  const { data, error, refetch } = useQuery(historyQuery(client))
  if (error)
    return (
      <Problem page={t('common:navigation.compare')} message={errorLine(error)}>
        <Button variant="default" size="xs" onClick={() => void refetch()}>
          {t('common:error.retry')}
        </Button>
      </Problem>
    )
  return (
    <Page title={t('common:navigation.compare')}>
      {data ? <ChosenRuns runs={data} /> : <Waiting title={t('reading')} />}
    </Page>
  )
}

function ChosenRuns({ runs }: { readonly runs: readonly RunSummary[] }) {
  const { t } = useTranslation('history')
  const { runId, baseId, choose } = useRunChoice(runs)
  if (runId === null) return <NothingStored />
  return (
    <>
      <div className={classes.pickers}>
        <RunPicker
          label={t('picker.run')}
          runs={runs}
          value={runId}
          onChange={(run) => run && choose({ run, base: baseId === run ? null : baseId })}
        />
        <RunPicker
          label={t('picker.base')}
          runs={runs.filter(({ id }) => id !== runId)}
          value={baseId}
          onChange={(base) => choose({ run: runId, base })}
          isOptional
        />
      </div>
      <StoredRun key={runId} id={runId}>
        {(record) =>
          baseId === null ? (
            <PrecisionComparisonView record={record} />
          ) : (
            <StoredRun key={baseId} id={baseId}>
              {(base) => <RunComparisonView base={base} run={record} />}
            </StoredRun>
          )
        }
      </StoredRun>
    </>
  )
}

interface StoredRunProps {
  readonly id: string
  readonly children: (record: RunRecord) => ReactNode
}

function StoredRun({ id, children }: StoredRunProps) {
  const { t } = useTranslation(['compare', 'common'])
  const { client } = useHost()
  const { data, error } = useQuery(recordQuery(client, id))
  if (error)
    return (
      <Verdict tone="bad" detail={errorLine(error)}>
        {t('common:error.title')}
      </Verdict>
    )
  return data ? children(data) : <Waiting title={t('reading')} />
}
