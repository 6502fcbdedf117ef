import { Button } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import type { RunSummary } from '../../../protocol/contract'
import { errorLine } from '../../components/errorLine'
import { Page } from '../../components/Page'
import { Problem } from '../../components/Problem'
import { Waiting } from '../../components/Waiting'
import { useHost } from '../../host'
import { NothingStored } from '../history/HistoryPage'
import { historyQuery } from '../history/historyQueries'
import { useRunChoice } from '../history/useRunChoice'
import { ReportMaker } from './ReportMaker'

/** What do I send? */
export function ReportPage() {
  const { t } = useTranslation(['report', 'common'])
  const { client } = useHost()
  const { data, error, refetch } = useQuery(historyQuery(client))
  if (error)
    return (
      <Problem page={t('common:navigation.report')} message={errorLine(error)}>
        <Button variant="default" size="xs" onClick={() => void refetch()}>
          {t('common:error.retry')}
        </Button>
      </Problem>
    )
  return (
    <Page title={t('common:navigation.report')}>
      {data ? <ChosenRun runs={data} /> : <Waiting title={t('reading')} />}
    </Page>
  )
}

function ChosenRun({ runs }: { readonly runs: readonly RunSummary[] }) {
  const { runId, choose } = useRunChoice(runs)
  if (runId === null) return <NothingStored />
  return <ReportMaker runs={runs} runId={runId} onChoose={(run) => choose({ run })} />
}
