import { useThrottledValue } from '@mantine/hooks'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { Chart } from '../../charts/Chart'
import {
  timeLinesOption,
  timeLinesTable,
  type TimeLinesOptions,
} from '../../charts/timeLinesOption'
import { Panel } from '../../components/Panel'

interface LiveChartProps {
  readonly title: string
  readonly caption: string
  readonly options: TimeLinesOptions
  readonly height: number
  /** Charts of one group share their crosshair. */
  readonly group: string
  readonly gpuId: string
  readonly className?: string | undefined
}

/** The table behind a chart is read, not watched. */
const tablePeriodMs = 5000

/** A chart of the last two minutes that goes on. */
export function LiveChart(props: LiveChartProps) {
  const { title, caption, options, height, group, gpuId, className } = props
  const { t } = useTranslation('monitor')
  const option = useMemo(() => timeLinesOption(options), [options])
  const listed = useThrottledValue(options, tablePeriodMs)
  const table = useMemo(() => timeLinesTable(listed, t('chart.time')), [listed, t])
  return (
    <Panel className={className}>
      <Chart
        title={`${title} (${options.unit})`}
        caption={caption}
        option={option}
        table={table}
        fileName={`monitor-${gpuId}`}
        height={height}
        group={group}
      />
    </Panel>
  )
}
