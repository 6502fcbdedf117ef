import { useThrottledValue } from '@mantine/hooks'
import { useTranslation } from 'react-i18next'
import { errorLine } from '../../components/errorLine'
import { Page } from '../../components/Page'
import { Problem } from '../../components/Problem'
import { Waiting } from '../../components/Waiting'
import { useRunsState } from '../../run/useRun'
import { drawPeriodMs } from './livePeriods'
import { RunEmpty } from './RunEmpty'
import { RunView } from './RunView'

/** What happens now? */
export function RunPage() {
  const { t } = useTranslation(['run', 'common'])
  const { status, id, run, error } = useRunsState()
  const shown = useThrottledValue(run, status === 'following' ? drawPeriodMs : 0)
  const title = t('common:navigation.run')
  if (shown) return <RunView run={shown} isFollowed={status === 'following'} error={error} />
  if (error) return <Problem page={title} title={t('lost')} message={errorLine(error)} />
  return (
    <Page title={title}>
      {status === 'idle' ? (
        <RunEmpty />
      ) : (
        <Waiting title={id === null ? t('looking') : t('verdict.starting')} />
      )}
    </Page>
  )
}
