import type { LatencyChart, LatencyRow } from '../../core/report/runReport'
import { linearAxis } from '../../core/report/svg/axis'
import type { ChartOption, ChartTable } from './chartOption'
import { measuredColour, precisionColours, type ChartPrecision, type ChartScheme } from './colours'

/** A row per precision: every sample faint, the 95 % interval as a bar, the median as a line. */
export function latencyOption(chart: LatencyChart, scheme: ChartScheme): ChartOption {
  const rows = chart.rows
  const { max, ticks } = linearAxis(0, upperEdge(rows), [0, 1], 6)
  return {
    grid: { left: 8, right: 20, top: 10, bottom: 24, containLabel: true },
    xAxis: {
      type: 'value',
      min: 0,
      max,
      interval: ticks[1]!,
      name: chart.axis,
      nameLocation: 'middle',
      nameGap: 24,
    },
    yAxis: {
      type: 'category',
      inverse: true,
      data: rows.map(({ label }) => label),
      axisTick: { show: false },
    },
    series: rows.flatMap((row, index) => rowSeries(row, index, scheme)),
  }
}

function rowSeries(row: LatencyRow, index: number, scheme: ChartScheme) {
  const colour = precisionColours[scheme][row.precision as ChartPrecision]
  return [
    {
      type: 'scatter' as const,
      name: row.label,
      silent: true,
      symbol: 'rect',
      symbolSize: [1, 20],
      itemStyle: { color: colour, opacity: 0.25 },
      data: row.samples.map((sample) => [sample, index]),
    },
    {
      type: 'line' as const,
      name: row.label,
      silent: true,
      symbol: 'none',
      lineStyle: { color: colour, width: 10, type: 'solid' as const },
      data: [
        [row.ciLow, index],
        [row.ciHigh, index],
      ],
    },
    {
      type: 'scatter' as const,
      name: row.label,
      symbol: 'rect',
      symbolSize: [2, 26],
      itemStyle: { color: measuredColour[scheme] },
      data: [[row.median, index]],
    },
  ]
}

/** Up to the 98th percentile: a few stray samples must not press the rest together. */
function upperEdge(rows: readonly LatencyRow[]): number {
  const edges = rows.map(({ samples, ciHigh }) => {
    const sorted = samples.toSorted((a, b) => a - b)
    return Math.max(ciHigh, sorted[Math.floor(0.98 * (sorted.length - 1))] ?? 0)
  })
  return Math.max(...edges)
}

export function latencyTable({ rows }: LatencyChart, columns: readonly string[]): ChartTable {
  return {
    columns,
    rows: rows.map(({ label, median, ciLow, ciHigh }) => [label, median, ciLow, ciHigh]),
  }
}
