import type { ChartOption, ChartTable } from './chartOption'
import { limitColour, measuredColour, type ChartScheme } from './colours'

export interface LatencyRatioRow {
  readonly label: string
  readonly ratio: number
  readonly ciLow: number
  readonly ciHigh: number
}

interface LatencyRatioTexts {
  readonly axis: string
  readonly columns: readonly string[]
}

/** How many times the latency of one run is that of another, step by step, with a line at 1. */
export function latencyRatioOption(
  rows: readonly LatencyRatioRow[],
  { axis }: Pick<LatencyRatioTexts, 'axis'>,
  scheme: ChartScheme,
): ChartOption {
  const edge = Math.max(0.1, ...rows.map(({ ciLow, ciHigh }) => farthestFromOne(ciLow, ciHigh)))
  const colour = measuredColour[scheme]
  return {
    grid: { left: 8, right: 24, top: 10, bottom: 24, containLabel: true },
    xAxis: {
      type: 'value',
      min: Math.max(0, 1 - 1.15 * edge),
      max: 1 + 1.15 * edge,
      name: axis,
      nameLocation: 'middle',
      nameGap: 24,
      axisLabel: {
        showMinLabel: false,
        showMaxLabel: false,
        formatter: (value: number) => String(Number(value.toFixed(3))),
      },
    },
    yAxis: {
      type: 'category',
      inverse: true,
      data: rows.map(({ label }) => label),
      axisTick: { show: false },
    },
    series: [
      {
        type: 'scatter',
        symbol: 'circle',
        symbolSize: 9,
        itemStyle: { color: colour },
        data: rows.map(({ ratio }, index) => [ratio, index]),
        markLine: {
          silent: true,
          symbol: 'none',
          label: { show: false },
          lineStyle: { color: limitColour, type: 'dashed', width: 1.5 },
          data: [{ xAxis: 1 }],
        },
      },
      ...rows.map(({ ciLow, ciHigh }, index) => ({
        type: 'line' as const,
        silent: true,
        symbol: 'rect',
        symbolSize: [2, 11],
        itemStyle: { color: colour },
        lineStyle: { color: colour, width: 2 },
        data: [
          [ciLow, index],
          [ciHigh, index],
        ],
      })),
    ],
  }
}

function farthestFromOne(ciLow: number, ciHigh: number): number {
  return Math.max(Math.abs(ciLow - 1), Math.abs(ciHigh - 1))
}

export function latencyRatioTable(
  rows: readonly LatencyRatioRow[],
  { columns }: Pick<LatencyRatioTexts, 'columns'>,
): ChartTable {
  return {
    columns,
    rows: rows.map(({ label, ratio, ciLow, ciHigh }) => [label, ratio, ciLow, ciHigh]),
  }
}
