import type { SpeedAccuracyChart, SpeedAccuracyPoint } from '../runReport'
import { linearAxis } from './axis'
import { bottomAxis, chartFrame, chartWidth, group, leftAxis, text } from './chartFrame'
import { labelPlaces, type LabelPlace } from './labelPlaces'
import { seriesClass } from './seriesClass'
import { element, type Markup } from './svg'

const height = 270
const edges = { left: 46, right: chartWidth - 90, top: 26, bottom: height - 42 }
const maxRadius = 20
const minRadius = 4

/** Up and to the right is better; a bubble's area is the memory. */
export function speedAccuracyChart(chart: SpeedAccuracyChart): Markup {
  const { left, right, top, bottom } = edges
  const accuracies = chart.points.map(({ accuracyPercent }) => accuracyPercent)
  const margin = Math.max(0.5, 0.3 * (Math.max(...accuracies) - Math.min(...accuracies)))
  const x = linearAxis(
    0,
    Math.max(...chart.points.map(({ samplesPerSecond }) => samplesPerSecond)),
    [left, right],
    6,
  )
  const y = linearAxis(
    Math.max(0, Math.min(...accuracies) - margin),
    Math.min(100, Math.max(...accuracies) + margin),
    [bottom, top],
    4,
  )
  const places = labelPlaces(chart.points.map(({ samplesPerSecond }) => samplesPerSecond))
  const largest = Math.max(...chart.points.map(({ memoryBytes }) => memoryBytes ?? 0))
  return chartFrame(
    { width: chartWidth, height, label: chart.title },
    bottomAxis({ axis: x, name: chart.xAxis, ...edges }),
    leftAxis({ axis: y, name: chart.yAxis, ...edges }),
    ...chart.points.map((point, index) =>
      drawPoint(point, {
        x: x.toPixels(point.samplesPerSecond),
        y: y.toPixels(point.accuracyPercent),
        largestBytes: largest,
        labelPlace: places[index]!,
      }),
    ),
  )
}

interface PointPlace {
  readonly x: number
  readonly y: number
  readonly largestBytes: number
  readonly labelPlace: LabelPlace
}

function drawPoint(point: SpeedAccuracyPoint, place: PointPlace): Markup {
  const { x, y, largestBytes, labelPlace } = place
  const radius =
    point.memoryBytes === null || largestBytes === 0
      ? minRadius
      : Math.max(minRadius, maxRadius * Math.sqrt(point.memoryBytes / largestBytes))
  return group(
    seriesClass(point),
    element('circle', { class: 'bubble', cx: x, cy: y, r: radius }),
    labelPlace === 'right'
      ? text({ x: x + radius + 5, y: y + 4, anchor: 'start' }, point.label)
      : text(
          { x, y: labelPlace === 'top' ? y - radius - 6 : y + radius + 14, anchor: 'middle' },
          point.label,
        ),
  )
}
