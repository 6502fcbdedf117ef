import { useThrottledValue } from '@mantine/hooks'
import { useMemo } from 'react'
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
import { drawPeriodMs, tablePeriodMs } from './livePeriods'

interface SampleTimesPanelProps {
  /** The step that is looked at. */
  readonly step: Step
  readonly isLive: boolean
}

/** Every latency sample of one step, as it comes. */
export function SampleTimesPanel({ step, isLive }: SampleTimesPanelProps) {
  const { t } = useTranslation('run')
  const scheme = useChartScheme()
  const stepName = useStepName()
  const labels = useMemo<SampleTimesLabels>(
    () => ({ sample: t('latency.sample'), latency: t('latency.axis') }),
    [t],
  )
  const drawn = useThrottledValue(step, isLive ? drawPeriodMs : 0)
  const option = useMemo(
    () => sampleTimesOption({ step: drawn, labels, scheme }),
    [drawn, labels, scheme],
  )
  const listed = useThrottledValue(step, isLive ? tablePeriodMs : 0)
  const table = useMemo(() => sampleTimesTable(listed, labels), [listed, labels])
  const caption = [
    ...(drawn.latencyMs
      ? [t('latency.median', { ms: formatDuration(drawn.latencyMs.median) })]
      : []),
    ...(drawn.runsPerSample > 1 ? [t('latency.meanOf', { count: drawn.runsPerSample })] : []),
  ].join(' · ')
  return (
    <Panel>
      <Chart
        title={t('latency.title', { step: stepName(drawn) })}
        caption={caption || ' '}
        option={option}
        table={table}
        fileName="latency-samples"
        height={104}
      />
    </Panel>
  )
}
