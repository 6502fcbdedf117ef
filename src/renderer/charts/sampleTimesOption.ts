import type { Step } from '../../core/run/record'
import { formatDuration } from '../../core/units'
import type { ChartOption, ChartTable } from './chartOption'
import { type ChartScheme, measuredColour, precisionColours } from './colours'
import { decimate, type Point } from './decimate'

export interface SampleTimesLabels {
  readonly sample: string
  /** In milliseconds. */
  readonly latency: string
}

interface SampleTimesOptions {
  readonly step: Step
  readonly labels: SampleTimesLabels
  readonly scheme: ChartScheme
}

const maxDots = 1200

/** Every latency sample of one step in the order in which it came: drift and outliers are seen here. */
export function sampleTimesOption({ step, labels, scheme }: SampleTimesOptions): ChartOption {
  const color = precisionColours[scheme][step.precision]
  const median = step.latencyMs?.median ?? null
  const samples = step.latencySamplesMs.map((ms, i): Point => [i + 1, ms])
  return {
    grid: { left: 50, right: 12, top: 8, bottom: 34, outerBoundsMode: 'none' },
    xAxis: {
      type: 'value',
      min: 0,
      max: Math.max(20, samples.length),
      minInterval: 1,
      axisLabel: { showMaxLabel: samples.length <= 20 },
      name: labels.sample,
      nameLocation: 'middle',
      nameGap: 20,
      splitLine: { show: false },
    },
    yAxis: {
      // A few late samples are many times the median: the others are to be seen beside them.
      type: 'log',
      // Always given: what an option leaves out keeps the value of the one before.
      ...decades(step.latencySamplesMs),
      name: labels.latency,
      nameLocation: 'middle',
      nameGap: 36,
      splitNumber: 2,
    },
    tooltip: {
      trigger: 'axis',
      valueFormatter: (value) => formatDuration(typeof value === 'number' ? value : null),
    },
    series: {
      type: 'scatter',
      name: labels.latency,
      data: decimate(samples, maxDots).map(([x, y]) => [x, y]),
      symbolSize: 3.5,
      itemStyle: { color, opacity: 0.7 },
      ...(median !== null && {
        markLine: {
          symbol: 'none',
          silent: true,
          lineStyle: { color: measuredColour[scheme], type: 'solid', width: 1 },
          label: { show: false },
          data: [{ yAxis: median }],
        },
      }),
    },
  }
}

/** Powers of ten around all samples. */
function decades(samplesMs: readonly number[]): { min: number; max: number } {
  const positive = samplesMs.filter((ms) => ms > 0)
  if (positive.length === 0) return { min: 0.1, max: 10 }
  const lowest = positive.reduce((a, b) => Math.min(a, b))
  const highest = positive.reduce((a, b) => Math.max(a, b))
  const min = Math.floor(Math.log10(lowest))
  return { min: 10 ** min, max: 10 ** Math.max(min + 1, Math.ceil(Math.log10(highest))) }
}

export function sampleTimesTable(step: Step, labels: SampleTimesLabels): ChartTable {
  return {
    columns: [labels.sample, labels.latency],
    rows: step.latencySamplesMs.map((ms, i) => [i + 1, ms]),
  }
}
