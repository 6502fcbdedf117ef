import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { assertNever } from '../../../core/errors'
import type {
  LatencyChart,
  LossChart,
  MemoryBarsChart,
  ReportChart,
  SpeedAccuracyChart,
} from '../../../core/report/runReport'
import { Chart } from '../../charts/Chart'
import { lossOption, lossTable } from '../../charts/lossOption'
import { latencyOption, latencyTable } from '../../charts/latencyOption'
import { precisionMemoryOption, precisionMemoryTable } from '../../charts/precisionMemoryOption'
import { precisionOption, precisionTable } from '../../charts/precisionOption'
import { legendExtraHeight } from '../../charts/legendRows'
import { useChartScheme } from '../../charts/useChartScheme'
import { Panel } from '../../components/Panel'
import classes from './ComparePage.module.css'

const rowHeight = 38
const latencyRowHeight = 30
const chartHeight = 220

/** The charts of a run's report, to be pointed at and taken along. */
export function ComparisonCharts({ charts }: { readonly charts: readonly ReportChart[] }) {
  return (
    <div className={classes.charts}>
      {charts.map((chart) => (
        <ChartView key={`${chart.type} ${chart.title}`} chart={chart} />
      ))}
    </div>
  )
}

/** Memory over time is on the page of the run itself. */
function ChartView({ chart }: { readonly chart: ReportChart }) {
  switch (chart.type) {
    case 'latency':
      return <LatencyView chart={chart} />
    case 'speedAccuracy':
      return <SpeedAccuracyView chart={chart} />
    case 'memoryBars':
      return <MemoryView chart={chart} />
    case 'loss':
      return <LossView chart={chart} />
    case 'timeline':
      return null
    default:
      return assertNever(chart)
  }
}

function LossView({ chart }: { readonly chart: LossChart }) {
  const { t } = useTranslation('compare')
  const scheme = useChartScheme()
  const labels = useMemo(
    () => ({
      steps: chart.xAxis,
      loss: chart.yAxis,
      training: t('column.trainingLoss'),
      validation: t('column.validationLoss'),
      precision: t('column.precision'),
    }),
    [chart, t],
  )
  const { series, topLoss } = chart
  const option = useMemo(
    () => lossOption({ series, labels, scheme, stepCount: null, topLoss }),
    [series, labels, scheme, topLoss],
  )
  return (
    <Panel>
      <Chart
        title={chart.title}
        option={option}
        table={lossTable(series, labels)}
        fileName="headroom-loss"
        height={chartHeight + legendExtraHeight(series.map(({ label }) => label))}
      />
    </Panel>
  )
}

function LatencyView({ chart }: { readonly chart: LatencyChart }) {
  const { t } = useTranslation('compare')
  const scheme = useChartScheme()
  const option = useMemo(() => latencyOption(chart, scheme), [chart, scheme])
  const columns = [
    t('column.step'),
    t('column.medianMs'),
    t('column.ciLowMs'),
    t('column.ciHighMs'),
  ]
  return (
    <Panel>
      <Chart
        title={chart.title}
        option={option}
        table={latencyTable(chart, columns)}
        fileName="headroom-latency"
        height={Math.max(chartHeight, 60 + latencyRowHeight * chart.rows.length)}
      />
    </Panel>
  )
}

function SpeedAccuracyView({ chart }: { readonly chart: SpeedAccuracyChart }) {
  const { t } = useTranslation('compare')
  const scheme = useChartScheme()
  const option = useMemo(() => precisionOption(chart, scheme), [chart, scheme])
  const labels = { step: t('column.step'), memory: t('column.memoryBytes') }
  return (
    <Panel>
      <Chart
        title={chart.title}
        option={option}
        table={precisionTable(chart, labels)}
        fileName="headroom-speed-accuracy"
        height={chartHeight}
      />
    </Panel>
  )
}

function MemoryView({ chart }: { readonly chart: MemoryBarsChart }) {
  const { t } = useTranslation('compare')
  const scheme = useChartScheme()
  const measured = t('measured')
  const option = useMemo(
    () => precisionMemoryOption(chart, { measured }, scheme),
    [chart, measured, scheme],
  )
  return (
    <Panel className={classes.wide}>
      <Chart
        title={chart.title}
        caption={t('chart.memoryCaption')}
        option={option}
        table={precisionMemoryTable(chart, { step: t('column.step'), measured })}
        fileName="headroom-memory"
        height={90 + rowHeight * chart.rows.length}
      />
    </Panel>
  )
}
