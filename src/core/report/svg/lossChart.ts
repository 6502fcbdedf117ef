import { cutLine } from '../lossCut'
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
  const losses = points.map(([, loss]) => Math.min(loss, chart.topLoss ?? loss))
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
    ...chart.series.map((series) => drawSeries(series, x, y, chart.topLoss ?? y.max)),
  )
}

function drawSeries(series: LossSeries, x: Axis, y: Axis, topLoss: number): Markup {
  const { variant, training, validation } = series
  const place = ([step, loss]: readonly [number, number]) =>
    [x.toPixels(step), y.toPixels(loss)] as const
  const line = (losses: LossSeries['training']) => linePath(cutLine(losses, topLoss).map(place))
  const dots = validation.filter(([, loss]) => loss <= topLoss).map(place)
  return group(
    seriesClass(series),
    element('path', { class: 'training-loss', d: line(training) }),
    element('path', { class: 'validation-loss', d: line(validation) }),
    ...dots.map(([cx, cy]) => variantMark(variant, cx, cy, 'interval')),
  )
}
