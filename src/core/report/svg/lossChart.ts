import type { LossChart, LossSeries } from '../runReport'
import { linearAxis, type Axis } from './axis'
import { bottomAxis, chartFrame, chartWidth, group, leftAxis, legend } from './chartFrame'
import { seriesClass } from './seriesClass'
import { element, linePath, type Markup } from './svg'
import { variantMark } from './variantMark'

const legendHeight = 24
const edges = { left: 46, right: chartWidth - 14, top: legendHeight + 22, bottom: 246 }

/** Training loss as a faint line, validation loss as a strong one with dots; a pair per step. */
export function lossChart(chart: LossChart): Markup {
  const { left, right, top, bottom } = edges
  const points = chart.series.flatMap(({ training, validation }) => [...training, ...validation])
  const losses = points.map(([, loss]) => loss)
  const lastStep = points.reduce((last, [step]) => Math.max(last, step), 1)
  const x = linearAxis(0, lastStep, [left, right], 8)
  const y = linearAxis(
    losses.reduce((a, b) => Math.min(a, b)),
    losses.reduce((a, b) => Math.max(a, b)),
    [bottom, top],
    5,
  )
  return chartFrame(
    { width: chartWidth, height: bottom + 42, label: chart.title },
    legend(
      chart.series.map((series) => ({
        className: `${seriesClass(series)} interval`,
        label: series.label,
      })),
      2,
    ),
    bottomAxis({ axis: x, name: chart.xAxis, ...edges }),
    leftAxis({ axis: y, name: chart.yAxis, ...edges }, 8),
    ...chart.series.map((series) => drawSeries(series, x, y)),
  )
}

function drawSeries(series: LossSeries, x: Axis, y: Axis): Markup {
  const { variant, training, validation } = series
  const place = ([step, loss]: readonly [number, number]) =>
    [x.toPixels(step), y.toPixels(loss)] as const
  const dots = validation.map(place)
  return group(
    seriesClass(series),
    element('path', { class: 'training-loss', d: linePath(training.map(place)) }),
    element('path', { class: 'validation-loss', d: linePath(dots) }),
    ...dots.map(([cx, cy]) => variantMark(variant, cx, cy, 'interval')),
  )
}
