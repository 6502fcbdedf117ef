import { Progress } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { RunState } from '../../../core/run/applyRunEvent'
import { formatDuration } from '../../../core/units'
import { formatTime } from '../history/formatTime'
import classes from './RunPage.module.css'
import { runDurationMs, runFraction } from './runVerdict'
import { formatRate } from './formatRate'

interface RunProgressProps {
  readonly run: RunState
  readonly isFollowed: boolean
}

/** How far it is and how long it takes; afterwards when it was. The line keeps its height. */
export function RunProgress({ run, isFollowed }: RunProgressProps) {
  const { t, i18n } = useTranslation('run')
  const { record, live } = run
  if (!isFollowed) {
    const startedAt = formatTime(record.startedAt)
    return (
      <p className={classes.progress}>
        {t('startedAt', { startedAt, duration: formatDuration(runDurationMs(record)) })}
      </p>
    )
  }
  const { sequenceLength } = record.workload
  const percent = Math.floor(100 * runFraction(run))
  const phase = live && record.steps[live.step]?.phases.at(-1)?.phase
  return (
    <div className={classes.progress}>
      <Progress.Root size={8} className={classes.bar}>
        <Progress.Section value={percent} aria-label={t('progress')} />
      </Progress.Root>
      <span className={classes.percent}>{percent} %</span>
      <span className={classes.phase}>{phase ? t(`phase.${phase}`) : t('phase.starting')}</span>
      <span className={classes.left}>
        {live && live.remainingMs !== null
          ? t('left', { duration: formatDuration(roundedSeconds(live.remainingMs)) })
          : t('leftUnknown')}
      </span>
      <span className={classes.rate}>
        {live?.throughputPerSecond
          ? t(sequenceLength === null ? 'rate' : 'tokenRate', {
              rate: formatRate(live.throughputPerSecond * (sequenceLength ?? 1), i18n.language),
            })
          : ''}
      </span>
    </div>
  )
}

/** Whole seconds: tenths that run down say nothing and unsettle the eye. */
const roundedSeconds = (ms: number): number => Math.max(1, Math.ceil(ms / 1000)) * 1000
