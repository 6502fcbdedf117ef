import type { LineSeriesOption } from 'echarts/charts'
import type { Step } from '../../core/run/record'
import { formatSignificant } from '../../core/units'
import type { ChartOption, ChartTable } from './chartOption'
import { type ChartScheme, precisionColours, precisionLines } from './colours'
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

/** Test accuracy above, training loss below, epoch by epoch; a line per precision. */
export function epochsOption({ steps, labels, scheme, epochCount }: EpochsOptions): ChartOption {
  const lastEpoch = Math.max(
    epochCount,
    ...steps.flatMap(({ epochs }) => epochs.at(-1)?.epoch ?? 0),
  )
  const accuracies = steps.flatMap(({ epochs }) => epochs.map((epoch) => epoch.testAccuracy))
  const hasEpochs = accuracies.length > 0
  const losses = steps.flatMap(({ epochs }) => epochs.map(({ loss }) => loss))
  // Always given: what an option leaves out keeps the value of the one before.
  const highestLoss = hasEpochs ? niceCeiling(Math.max(...losses)) : 1
  const axis = { type: 'value', min: 0, max: lastEpoch, minInterval: 1 } as const
  return {
    grid: [
      { left, right, outerBoundsMode: 'none', top: 8, height: '36%' },
      { left, right, outerBoundsMode: 'none', top: '52%', bottom: 50 },
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
    series: steps.flatMap((step) => [
      line(step, labels, scheme, 0, ({ testAccuracy }) => 100 * testAccuracy),
      line(step, labels, scheme, 1, ({ loss }) => loss),
    ]),
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

function line(
  step: Step,
  labels: EpochsLabels,
  scheme: ChartScheme,
  axisIndex: number,
  valueOf: (epoch: Step['epochs'][number]) => number,
): LineSeriesOption {
  const color = precisionColours[scheme][step.precision]
  return {
    type: 'line',
    name: labels.step(step),
    xAxisIndex: axisIndex,
    yAxisIndex: axisIndex,
    data: step.epochs.map((epoch) => [epoch.epoch, valueOf(epoch)]),
    symbol: 'circle',
    symbolSize: 4,
    showSymbol: step.epochs.length < 40,
    lineStyle: { width: 1.75, color, type: precisionLines[step.precision] },
    itemStyle: { color },
  }
}
