import type { LineSeriesOption } from 'echarts/charts'
import { cutLine } from '../../core/report/lossCut'
import type { LossSeries } from '../../core/report/runReport'
import { linearAxis } from '../../core/report/svg/axis'
import { formatSignificant } from '../../core/units'
import type { ChartOption, ChartTable } from './chartOption'
import { legendExtraHeight } from './legendRows'
import {
  type ChartPrecision,
  type ChartScheme,
  precisionLines,
  stepColour,
  variantSymbol,
} from './colours'

export interface LossLabels {
  /** Optimizer steps. */
  readonly steps: string
  /** Cross-entropy, nats. */
  readonly loss: string
  readonly training: string
  readonly validation: string
  readonly precision: string
}

interface LossOptions {
  /** One for each training step. */
  readonly series: readonly LossSeries[]
  readonly labels: LossLabels
  readonly scheme: ChartScheme
  /** Steps of the whole training, so that the axis is there before they are; null: those that there are. */
  readonly stepCount: number | null
  /** Losses above it are left out of the picture; null: none. */
  readonly topLoss: number | null
}

/** Validation loss as a line with dots, the loss of each step as a faint one behind it. */
export function lossOption({
  series,
  labels,
  scheme,
  stepCount,
  topLoss,
}: LossOptions): ChartOption {
  const points = series.flatMap(({ training, validation }) => [...training, ...validation])
  const losses = points.map(([, loss]) => Math.min(loss, topLoss ?? loss))
  const lowest = losses.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY)
  const highest = losses.reduce((a, b) => Math.max(a, b), 0)
  const names = series.map(({ label }) => label)
  // Always given: what an option leaves out keeps the value of the one before.
  const [low, high] = losses.length > 0 ? [Math.floor(lowest), Math.ceil(highest)] : [0, 6]
  const y =
    topLoss === null
      ? linearAxis(low, Math.max(high, low + 1), [0, 1], 4)
      : linearAxis(lowest, highest, [0, 1], 4)
  const lastStep = points.reduce((last, [step]) => Math.max(last, step), stepCount ?? 1)
  return {
    grid: {
      left: 50,
      right: 12,
      top: 8,
      bottom: 54 + legendExtraHeight(names),
      outerBoundsMode: 'none',
    },
    xAxis: {
      type: 'value',
      min: 0,
      max: lastStep,
      minInterval: 1,
      name: labels.steps,
      nameLocation: 'middle',
      nameGap: 20,
      splitLine: { show: false },
    },
    yAxis: {
      type: 'value',
      name: labels.loss,
      nameLocation: 'middle',
      nameGap: 36,
      min: y.min,
      max: y.max,
      interval: y.ticks[1]! - y.ticks[0]!,
    },
    legend: { bottom: 0, data: names },
    tooltip: {
      trigger: 'axis',
      valueFormatter: (value) => (typeof value === 'number' ? formatSignificant(value) : '—'),
    },
    series: series.flatMap((one) => lines(one, labels, scheme, topLoss)),
  }
}

function lines(
  { label, precision, variant, training, validation }: LossSeries,
  labels: LossLabels,
  scheme: ChartScheme,
  topLoss: number | null,
): LineSeriesOption[] {
  const name = precision as ChartPrecision
  const color = stepColour(scheme, name, variant)
  const drawn = (points: LossSeries['training']) =>
    cutLine(points, topLoss ?? Number.POSITIVE_INFINITY).map((point) => {
      const value = [...point]
      // Where a line meets the top nothing was measured: it wears no mark.
      return points.includes(point) ? value : { value, symbol: 'none' }
    })
  return [
    {
      type: 'line',
      name: `${label}, ${labels.training}`,
      data: drawn(training),
      showSymbol: false,
      lineStyle: { width: 1, color, opacity: 0.4 },
      itemStyle: { color },
    },
    {
      type: 'line',
      name: label,
      data: drawn(validation),
      symbol: variantSymbol(variant),
      symbolSize: variant === 0 ? 5 : 6,
      lineStyle: { width: 1.75, color, type: precisionLines[name] },
      itemStyle: { color },
    },
  ]
}

export function lossTable(series: readonly LossSeries[], labels: LossLabels): ChartTable {
  return {
    columns: [labels.steps, labels.precision, labels.training, labels.validation],
    rows: series.flatMap(({ label, training, validation }) => {
      const trained = new Map(training)
      const validated = new Map(validation)
      const steps = [...new Set([...trained.keys(), ...validated.keys()])].sort((a, b) => a - b)
      return steps.map((step) => [
        step,
        label,
        trained.get(step) ?? null,
        validated.get(step) ?? null,
      ])
    }),
  }
}
