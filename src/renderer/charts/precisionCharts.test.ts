import type { LineSeriesOption } from 'echarts/charts'
import { expect, it } from 'vitest'
import { exampleRun } from '../../../test/exampleRun'
import { exampleTextRun, trainedText } from '../../../test/exampleTextRun'
import { describeRun } from '../../core/report/describeRun'
import type { LossChart as LossChartData, ReportChart } from '../../core/report/runReport'
import { lossChart } from '../../core/report/svg/lossChart'
import { renderSvg } from './echarts'
import { latencyOption, latencyTable } from './latencyOption'
import { lossOption, lossTable } from './lossOption'
import { latencyRatioOption } from './latencyRatioOption'
import { precisionMemoryOption, precisionMemoryTable } from './precisionMemoryOption'
import { precisionOption } from './precisionOption'

const charts = describeRun(exampleRun(), 'en').sections.flatMap((section) => section.charts)
function chartOf<T extends ReportChart['type']>(type: T) {
  return charts.find((chart) => chart.type === type) as Extract<ReportChart, { type: T }>
}
const draw = (option: ReturnType<typeof latencyOption>) =>
  renderSvg({ option, title: 'A chart', scheme: 'light', width: 800, height: 300 })

it('gives the median and its interval of every precision as a table', () => {
  const chart = chartOf('latency')
  const table = latencyTable(chart, ['Step', 'Median', 'Low', 'High'])
  expect(table.rows.map(([label]) => label)).toEqual(['fp32', 'fp16', 'int8-gemm'])
  expect(table.rows[0]![1]).toBeCloseTo(0.42, 2)
})

it('leaves a negative rest out of the stack, and keeps it in the table', () => {
  const chart = chartOf('memoryBars')
  const { rows, columns } = precisionMemoryTable(chart, { step: 'Step', measured: 'Measured' })
  const int8 = rows.find(([label]) => String(label).startsWith('int8'))!
  expect(int8[columns.indexOf('unexplained (B)')]).toBe(-1000) // as the example was made
  const { series } = precisionMemoryOption(chart, { measured: 'Measured' }, 'light')
  const rest = [series].flat().find((one) => one?.name === 'unexplained')
  expect(Math.min(...(rest!.data as number[]))).toBe(0)
})

it('draws losses of every precision, and lists each step once', () => {
  const record = exampleTextRun()
  const training = describeRun(record, 'en').sections.find(({ id }) => id === 'training')!
  const chart = training.charts[0] as LossChartData
  const labels = {
    steps: 'Steps',
    loss: 'Loss',
    training: 'training',
    validation: 'validation',
    precision: 'Precision',
  }
  const { series } = chart
  const svg = draw(lossOption({ series, labels, scheme: 'light', stepCount: 200, topLoss: null }))
  expect(svg).toContain('fp16-mixed')
  const { rows } = lossTable(series, labels)
  expect(rows.slice(0, 5)).toEqual([
    [0, 'fp32', null, 5.6],
    [1, 'fp32', 5.5, null],
    [2, 'fp32', 4, 3.5],
    [3, 'fp32', 3, null],
    [4, 'fp32', 2.5, 2],
  ])
  expect(
    draw(lossOption({ series: [], labels, scheme: 'dark', stepCount: 200, topLoss: null })),
  ).toContain('200')
})

it('cuts what lies above, on the page as in the report', () => {
  const chart: LossChartData = {
    type: 'loss',
    title: '',
    xAxis: '',
    yAxis: '',
    topLoss: 3,
    series: [
      {
        label: 'fp32',
        precision: 'fp32',
        variant: 0,
        training: [
          [1, 5],
          [3, 3],
          [4, 2],
        ],
        validation: [
          [0, 5],
          [2, 1],
        ],
      },
    ],
  }
  const labels = { steps: '', loss: '', training: '', validation: '', precision: '' }
  const { series, yAxis } = lossOption({ ...chart, labels, scheme: 'light', stepCount: null })
  expect([series].flat().map((one) => one?.data)).toEqual([
    [
      [3, 3],
      [4, 2],
    ],
    [
      { value: [1, 3], symbol: 'none' }, // from 5 at step 0 to 1 at step 2
      [2, 1],
    ],
  ])
  expect(yAxis).toMatchObject({ min: 1, max: 3 })
  expect(lossChart(chart).markup.match(/<circle/g)).toHaveLength(1)
})

it('tells two trainings of one precision apart, on the page as in the report', () => {
  const record = exampleTextRun({
    steps: [trainedText(50, 2), trainedText(60, 2.1, { method: 'lora' })],
  })
  const training = describeRun(record, 'en').sections.find(({ id }) => id === 'training')!
  const chart = training.charts[0] as LossChartData
  const labels = { steps: '', loss: '', training: '', validation: '', precision: '' }
  const option = lossOption({
    series: chart.series,
    labels,
    scheme: 'light',
    stepCount: 4,
    topLoss: null,
  })
  const validation = [option.series].flat().filter((one) => one?.name?.toString().includes('fp32'))
  const looks = validation.map((one) => (one as LineSeriesOption).lineStyle?.color)
  expect(new Set(looks).size).toBe(2)
  const { markup } = lossChart(chart)
  expect(markup).toContain('class="precision-fp32 variant-1"')
  expect(markup).toContain('<rect class="interval"')
})

it('draws every chart of a comparison', () => {
  expect(draw(latencyOption(chartOf('latency'), 'light'))).toContain('int8-gemm')
  expect(draw(precisionOption(chartOf('speedAccuracy'), 'dark'))).toContain('int8-gemm')
  expect(
    draw(precisionMemoryOption(chartOf('memoryBars'), { measured: 'Measured' }, 'dark')),
  ).toContain('weights')
  const ratio = { label: 'fp32 inference', ratio: 1.3, ciLow: 1.28, ciHigh: 1.32 }
  expect(draw(latencyRatioOption([ratio], { axis: 'B ÷ A' }, 'light'))).toContain('B ÷ A')
})
