import type { ChartOption, ChartTable } from './chartOption'
import { type ChartScheme, expectedColour, limitColour, measuredColour } from './colours'

interface Attempt {
  readonly sequenceLength: number
  readonly size: number
  readonly fits: boolean
}

interface Row {
  readonly sequenceLength: number
  readonly predicted: number
  readonly largest: number | null
  readonly tooLarge: number | null
}

export interface FrontierLabels {
  readonly sequenceLength: string
  readonly batch: string
  readonly predicted: string
  readonly largest: string
  readonly ran: string
  readonly tooLarge: string
}

interface FrontierOptions {
  readonly rows: readonly Row[]
  readonly attempts: readonly Attempt[]
  readonly labels: FrontierLabels
  readonly scheme: ChartScheme
}

/** Batch over sequence length, both logarithmic: what ran (dots) and what did not (crosses) over theory's line. */
export function frontierOption(options: FrontierOptions): ChartOption {
  const { rows, attempts, labels, scheme } = options
  const [ink, theory] = [measuredColour[scheme], expectedColour[scheme]]
  const lengths = rows.map(({ sequenceLength }) => sequenceLength)
  const batches = [
    ...rows.map(({ predicted }) => predicted),
    ...attempts.map(({ size }) => size),
  ].filter((size) => size >= 1)
  const points = (fits: boolean) =>
    attempts.filter((one) => one.fits === fits).map((one) => [one.sequenceLength, one.size])
  return {
    grid: { left: 58, right: 18, top: 12, bottom: 62, outerBoundsMode: 'none' },
    xAxis: { ...logAxis(lengths), name: labels.sequenceLength, nameGap: 22 },
    yAxis: { ...logAxis(batches), name: labels.batch, nameGap: 40 },
    legend: { bottom: 0 },
    tooltip: { trigger: 'item' },
    series: [
      {
        type: 'line',
        name: labels.predicted,
        // Where theory says that not even 1 fits there is no point on a logarithmic axis.
        data: rows.map((row) => [row.sequenceLength, row.predicted >= 1 ? row.predicted : null]),
        showSymbol: false,
        lineStyle: { width: 1.75, type: 'dashed', color: theory },
        itemStyle: { color: theory },
      },
      {
        type: 'line',
        name: labels.largest,
        data: rows.map((row) => [row.sequenceLength, row.largest]),
        showSymbol: false,
        lineStyle: { width: 1.75, color: ink },
        itemStyle: { color: ink },
      },
      {
        type: 'scatter',
        name: labels.ran,
        data: points(true),
        symbolSize: 8,
        itemStyle: { color: ink },
      },
      {
        type: 'scatter',
        name: labels.tooLarge,
        data: points(false),
        symbol: 'path://M0 1L1 0L5 4L9 0L10 1L6 5L10 9L9 10L5 6L1 10L0 9L4 5Z',
        symbolSize: 9,
        itemStyle: { color: limitColour },
      },
    ],
  }
}

export function frontierTable(rows: readonly Row[], labels: FrontierLabels): ChartTable {
  return {
    columns: [labels.sequenceLength, labels.predicted, labels.largest, labels.tooLarge],
    rows: rows.map((row) => [row.sequenceLength, row.predicted, row.largest, row.tooLarge]),
  }
}

/** Powers of two, from the one below the least to the one above the most. */
function logAxis(values: readonly number[]) {
  const low = values.length > 0 ? Math.min(...values) : 1
  const high = values.length > 0 ? Math.max(...values) : 2
  const min = 2 ** Math.floor(Math.log2(low))
  return {
    type: 'log',
    logBase: 2,
    min,
    max: Math.max(2 * min, 2 ** Math.ceil(Math.log2(high))),
    nameLocation: 'middle',
  } as const
}
