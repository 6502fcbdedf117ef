import type { LineSeriesOption } from 'echarts/charts'
import type { Step } from '../../core/run/record'
import { trainingVariants } from '../../core/report/trainingVariants'
import { formatSignificant } from '../../core/units'
import type { ChartOption, ChartTable } from './chartOption'
import { type ChartScheme, precisionLines, stepColour, variantSymbol } from './colours'
import { niceCeiling } from './niceCeiling'

export interface EpochsLabels {
  readonly step: (step: Step) => string
  readonly stepColumn: string
  readonly epoch: string
  readonly loss: string
  /** Of the test set, in percent. */
  readonly accuracy: string
}

interface EpochsOptions {
  /** Training steps, in the order of the run. */
  readonly steps: readonly Step[]
  readonly labels: EpochsLabels
  readonly scheme: ChartScheme
  /** Epochs of a whole training, so that the axis is there before they are. */
  readonly epochCount: number
}

const left = 50
const right = 12

/** Test accuracy above, training loss below, epoch by epoch; a line per step. */
export function epochsOption({ steps, labels, scheme, epochCount }: EpochsOptions): ChartOption {
  const lastEpoch = Math.max(
    epochCount,
    ...steps.flatMap(({ epochs }) => epochs.at(-1)?.epoch ?? 0),
  )
  const accuracies = steps.flatMap(({ epochs }) => epochs.map((epoch) => epoch.testAccuracy))
  const variantOf = trainingVariants(steps)
  const hasEpochs = accuracies.length > 0
  const losses = steps.flatMap(({ epochs }) => epochs.map(({ loss }) => loss))
  // Always given: what an option leaves out keeps the value of the one before.
  const highestLoss = hasEpochs ? niceCeiling(Math.max(...losses)) : 1
  const axis = { type: 'value', min: 0, max: lastEpoch, minInterval: 1 } as const
  return {
    grid: [
      { left, right, outerBoundsMode: 'none', top: 8, height: 70 },
      { left, right, outerBoundsMode: 'none', top: 100, height: 46 },
    ],
    xAxis: [
      { ...axis, axisLabel: { show: false }, splitLine: { show: false } },
      {
        ...axis,
        gridIndex: 1,
        name: labels.epoch,
        nameLocation: 'middle',
        nameGap: 20,
        splitLine: { show: false },
      },
    ],
    yAxis: [
      {
        ...valueAxis(labels.accuracy),
        min: hasEpochs ? Math.floor(10 * Math.min(...accuracies)) * 10 : 0,
        max: 100,
      },
      { ...valueAxis(labels.loss), gridIndex: 1, min: 0, max: highestLoss },
    ],
    axisPointer: { link: [{ xAxisIndex: 'all' }] },
    legend: { bottom: 0, data: steps.map(labels.step) },
    tooltip: {
      trigger: 'axis',
      valueFormatter: (value) => (typeof value === 'number' ? formatSignificant(value) : '—'),
    },
    series: steps.flatMap((step) => {
      const style = { name: labels.step(step), scheme, variant: variantOf(step) }
      return [
        line(step, style, 0, ({ testAccuracy }) => 100 * testAccuracy),
        line(step, style, 1, ({ loss }) => loss),
      ]
    }),
  }
}

export function epochsTable(steps: readonly Step[], labels: EpochsLabels): ChartTable {
  return {
    columns: [labels.epoch, labels.stepColumn, labels.accuracy, labels.loss],
    rows: steps.flatMap((step) =>
      step.epochs.map(({ epoch, loss, testAccuracy }) => [
        epoch,
        labels.step(step),
        100 * testAccuracy,
        loss,
      ]),
    ),
  }
}

const valueAxis = (name: string) =>
  ({ type: 'value', name, nameLocation: 'middle', nameGap: 36, splitNumber: 2 }) as const

interface LineStyle {
  readonly name: string
  readonly scheme: ChartScheme
  readonly variant: number
}

function line(
  step: Step,
  { name, scheme, variant }: LineStyle,
  axisIndex: number,
  valueOf: (epoch: Step['epochs'][number]) => number,
): LineSeriesOption {
  const color = stepColour(scheme, step.precision, variant)
  return {
    type: 'line',
    name,
    xAxisIndex: axisIndex,
    yAxisIndex: axisIndex,
    data: step.epochs.map((epoch) => [epoch.epoch, valueOf(epoch)]),
    symbol: variantSymbol(variant),
    symbolSize: variant === 0 ? 4 : 6,
    showSymbol: step.epochs.length < 40,
    lineStyle: { width: 1.75, color, type: precisionLines[step.precision] },
    itemStyle: { color },
  }
}
