import type { LatencyChart, LatencyRow } from '../../core/report/runReport'
import { linearAxis } from '../../core/report/svg/axis'
import type { ChartOption, ChartTable } from './chartOption'
import { measuredColour, stepColour, type ChartPrecision, type ChartScheme } from './colours'

/** A row per precision: every sample faint, the 95 % interval as a bar, the median as a line. */
export function latencyOption(chart: LatencyChart, scheme: ChartScheme): ChartOption {
  const rows = chart.rows
  const { max, ticks } = linearAxis(0, chart.endMs, [0, 1], 6)
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
    series: rows.flatMap((row, index) => rowSeries(row, index, max, scheme)),
  }
}

function rowSeries(row: LatencyRow, index: number, endMs: number, scheme: ChartScheme) {
  const colour = stepColour(scheme, row.precision as ChartPrecision, row.variant)
  return [
    {
      type: 'scatter' as const,
      name: row.label,
      silent: true,
      symbol: 'rect',
      symbolSize: [1, 20],
      itemStyle: { color: colour, opacity: 0.25 },
      data: row.samples.filter((sample) => sample <= endMs).map((sample) => [sample, index]),
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

export function latencyTable({ rows }: LatencyChart, columns: readonly string[]): ChartTable {
  return {
    columns,
    rows: rows.map(({ label, median, ciLow, ciHigh }) => [label, median, ciLow, ciHigh]),
  }
}
