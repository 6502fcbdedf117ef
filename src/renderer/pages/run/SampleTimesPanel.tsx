import { useThrottledValue } from '@mantine/hooks'
import { memo, useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import type { Step } from '../../../core/run/record'
import { formatDuration } from '../../../core/units'
import { Chart } from '../../charts/Chart'
import {
  sampleTimesOption,
  sampleTimesTable,
  type SampleTimesLabels,
} from '../../charts/sampleTimesOption'
import { useChartScheme } from '../../charts/useChartScheme'
import { Panel } from '../../components/Panel'
import { useStepName } from '../../components/useStepName'
import { tablePeriodMs } from './livePeriods'

interface SampleTimesPanelProps {
  /** The step that is looked at. */
  readonly step: Step
  readonly isLive: boolean
}

/** Every latency sample of one step, as it comes. */
export const SampleTimesPanel = memo(function SampleTimesPanel(props: SampleTimesPanelProps) {
  const { step, isLive } = props
  const { t } = useTranslation('run')
  const scheme = useChartScheme()
  const stepName = useStepName()
  const labels = useMemo<SampleTimesLabels>(
    () => ({ sample: t('latency.sample'), latency: t('latency.axis') }),
    [t],
  )
  const option = useMemo(() => sampleTimesOption({ step, labels, scheme }), [step, labels, scheme])
  const listed = useThrottledValue(step, isLive ? tablePeriodMs : 0)
  const table = useMemo(() => sampleTimesTable(listed, labels), [listed, labels])
  // A space where nothing is to be said yet: the chart below must not jump.
  const caption = [
    ...(step.latencyMs ? [t('latency.median', { ms: formatDuration(step.latencyMs.median) })] : []),
    ...(step.runsPerSample > 1 ? [t('latency.meanOf', { count: step.runsPerSample })] : []),
  ].join(' · ')
  return (
    <Panel>
      <Chart
        title={t('latency.title', { step: stepName(step) })}
        caption={caption || '\u00A0'}
        option={option}
        table={table}
        fileName="latency-samples"
        height={104}
      />
    </Panel>
  )
}, showsTheSame)

/** Memory is sampled all the time, latency only while it is measured. */
function showsTheSame(before: SampleTimesPanelProps, now: SampleTimesPanelProps): boolean {
  const [a, b] = [before.step, now.step]
  return (
    before.isLive === now.isLive &&
    a.latencySamplesMs === b.latencySamplesMs &&
    a.latencyMs === b.latencyMs &&
    a.runsPerSample === b.runsPerSample &&
    a.mode === b.mode &&
    a.precision === b.precision &&
    a.int8Mode === b.int8Mode
  )
}
