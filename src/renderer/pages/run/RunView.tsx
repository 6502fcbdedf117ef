import { memo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { RunState } from '../../../core/run/applyRunEvent'
import { errorLine } from '../../components/errorLine'
import { Page } from '../../components/Page'
import { Verdict } from '../../components/Verdict'
import { LossPanel } from './LossPanel'
import { RunLedgerPanel } from './RunLedgerPanel'
import { RunMemoryPanel } from './RunMemoryPanel'
import { RunProgress } from './RunProgress'
import { RunSteps } from './RunSteps'
import { RunVerdictLine } from './RunVerdictLine'
import { SampleTimesPanel } from './SampleTimesPanel'
import { TrainingPanel } from './TrainingPanel'
import { focusedStep } from './focusedStep'
import classes from './RunPage.module.css'

interface RunViewProps {
  readonly run: RunState
  /** Whether events still come. */
  readonly isFollowed: boolean
  readonly error: unknown
}

export const RunView = memo(function RunView({ run, isFollowed, error }: RunViewProps) {
  const { t } = useTranslation(['run', 'common'])
  const { record } = run
  const [chosen, setChosen] = useState<number | null>(null)
  const focus = focusedStep(record, chosen)
  const isText = record.workload.sequenceLength !== null
  const trains = record.steps.some(({ mode, loss, outcome }) => {
    return mode === 'train' && (loss !== null || outcome === 'planned' || outcome === 'running')
  })
  return (
    <Page title={t('common:navigation.run')}>
      {error ? (
        <Verdict tone="warn" detail={errorLine(error)}>
          {t('lost')}
        </Verdict>
      ) : (
        <RunVerdictLine run={run} />
      )}
      <RunProgress run={run} isFollowed={isFollowed} />
      <div className={classes.charts} data-trains={trains}>
        <RunMemoryPanel record={record} isLive={isFollowed} className={classes.memory} />
        {trains && isText && (
          <LossPanel
            steps={record.steps}
            stepCount={record.workload.trainingSteps}
            isLive={isFollowed}
          />
        )}
        {trains && !isText && <TrainingPanel steps={record.steps} isLive={isFollowed} />}
        <SampleTimesPanel step={record.steps[focus]!} isLive={isFollowed} />
      </div>
      <RunSteps
        steps={record.steps}
        isText={isText}
        throughputPerSecond={run.live?.throughputPerSecond ?? null}
        focus={focus}
        onFocus={setChosen}
      />
      {!isFollowed && <RunLedgerPanel record={record} />}
    </Page>
  )
})
