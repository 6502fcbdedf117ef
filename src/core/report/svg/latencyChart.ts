import type { LatencyChart, LatencyRow } from '../runReport'
import { linearAxis, type Axis } from './axis'
import { bottomAxis, chartFrame, chartWidth, group, text, textWidth } from './chartFrame'
import { seriesClass } from './seriesClass'
import { element, type Markup } from './svg'

const rowHeight = 34
const top = 8

/** A row per precision: samples as faint ticks, the 95 % interval as a bar, the median as a line. */
export function latencyChart(chart: LatencyChart): Markup {
  const left = Math.max(...chart.rows.map(({ label }) => textWidth(label))) + 14
  const right = chartWidth - 14
  const bottom = top + rowHeight * chart.rows.length
  const axis = linearAxis(0, chart.endMs, [left, right], 8)
  return chartFrame(
    { width: chartWidth, height: bottom + 42, label: chart.title },
    bottomAxis({ axis, name: chart.axis, left, right, top, bottom }),
    ...chart.rows.map((row, i) => drawRow(row, axis, left, top + rowHeight * (i + 0.5))),
  )
}

function drawRow(row: LatencyRow, axis: Axis, left: number, y: number): Markup {
  const x = axis.toPixels
  const inside = row.samples.filter((sample) => sample <= axis.max)
  return group(
    seriesClass(row),
    text({ x: left - 8, y: y + 4, anchor: 'end' }, row.label),
    ...inside.map((sample) =>
      element('line', { class: 'sample', x1: x(sample), x2: x(sample), y1: y - 9, y2: y + 9 }),
    ),
    element('rect', {
      class: 'interval',
      x: x(row.ciLow),
      y: y - 5,
      width: Math.max(1, x(row.ciHigh) - x(row.ciLow)),
      height: 10,
    }),
    element('line', {
      class: 'median',
      x1: x(row.median),
      x2: x(row.median),
      y1: y - 11,
      y2: y + 11,
    }),
  )
}
