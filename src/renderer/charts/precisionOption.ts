import type { SpeedAccuracyChart, SpeedAccuracyPoint } from '../../core/report/runReport'
import { linearAxis } from '../../core/report/svg/axis'
import { labelPlaces } from '../../core/report/svg/labelPlaces'
import { formatSignificant } from '../../core/units'
import type { ChartOption, ChartTable } from './chartOption'
import {
  measuredColour,
  precisionLines,
  stepColour,
  type ChartPrecision,
  type ChartScheme,
} from './colours'

const maxDiameter = 44
const minDiameter = 9

/** Up and to the right is better; the area of a bubble is the memory. */
export function precisionOption(chart: SpeedAccuracyChart, scheme: ChartScheme): ChartOption {
  const largest = Math.max(...chart.points.map(({ memoryBytes }) => memoryBytes ?? 0))
  const accuracies = chart.points.map(({ accuracyPercent }) => accuracyPercent)
  const [lowest, highest] = [Math.min(...accuracies), Math.max(...accuracies)]
  const margin = Math.max(0.5, 0.4 * (highest - lowest))
  const places = labelPlaces(chart.points.map(({ samplesPerSecond }) => samplesPerSecond))
  const y = linearAxis(Math.max(0, lowest - margin), Math.min(100, highest + margin), [0, 1], 4)
  return {
    grid: { left: 8, right: 64, top: 30, bottom: 24, containLabel: true },
    xAxis: {
      type: 'value',
      min: 0,
      name: chart.xAxis,
      nameLocation: 'middle',
      nameGap: 24,
      axisLabel: { hideOverlap: true },
    },
    yAxis: {
      type: 'value',
      name: chart.yAxis,
      min: y.min,
      max: y.max,
      interval: y.ticks[1]! - y.ticks[0]!,
      axisLabel: { formatter: (value: number) => String(Number(value.toFixed(3))) },
      nameTextStyle: { align: 'left' },
    },
    tooltip: {
      trigger: 'item',
      formatter: (item) => tooltipText(chart, [item].flat()[0]?.dataIndex ?? 0),
    },
    series: [
      {
        type: 'scatter',
        data: chart.points.map((point, index) => ({
          value: [point.samplesPerSecond, point.accuracyPercent],
          symbolSize: diameter(point, largest),
          itemStyle: pointStyle(point, scheme),
          label: { formatter: point.label, position: places[index]! },
        })),
        label: { show: true, distance: 6, color: measuredColour[scheme], fontSize: 12 },
        clip: false,
      },
    ],
  }
}

function diameter({ memoryBytes }: SpeedAccuracyPoint, largestBytes: number): number {
  if (memoryBytes === null || largestBytes === 0) return minDiameter
  return Math.max(minDiameter, maxDiameter * Math.sqrt(memoryBytes / largestBytes))
}

function pointStyle({ precision, variant }: SpeedAccuracyPoint, scheme: ChartScheme) {
  const colour = stepColour(scheme, precision as ChartPrecision, variant)
  return {
    color: `${colour}59`, // a third opaque: bubbles may overlap
    borderColor: colour,
    borderWidth: 2,
    borderType: precisionLines[precision as ChartPrecision],
  }
}

function tooltipText({ points, xAxis, yAxis }: SpeedAccuracyChart, index: number): string {
  const point = points[index]
  if (!point) return ''
  const { label, samplesPerSecond, accuracyPercent } = point
  return [
    label,
    `${xAxis}: ${formatSignificant(samplesPerSecond)}`,
    `${yAxis}: ${accuracyPercent.toFixed(2)}`,
  ].join('\n')
}

export function precisionTable(
  { points, xAxis, yAxis }: SpeedAccuracyChart,
  labels: { readonly step: string; readonly memory: string },
): ChartTable {
  return {
    columns: [labels.step, xAxis, yAxis, labels.memory],
    rows: points.map(({ label, samplesPerSecond, accuracyPercent, memoryBytes }) => [
      label,
      samplesPerSecond,
      accuracyPercent,
      memoryBytes,
    ]),
  }
}
