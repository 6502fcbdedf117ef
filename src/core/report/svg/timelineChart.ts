import type { TimelineChart, TimelineStep } from '../runReport'
import { linearAxis, type Axis } from './axis'
import { bottomAxis, chartFrame, chartWidth, group, leftAxis, legend, text } from './chartFrame'
import { legendTerms } from './memoryBarsChart'
import { element, linePath, type Markup } from './svg'

const legendHeight = 48
const plotHeight = 200
const edges = {
  left: 46,
  right: chartWidth - 14,
  top: legendHeight + 38,
  bottom: legendHeight + 38 + plotHeight,
}

/** Measured memory as a line over what the theory of each step stacks up. */
export function timelineChart(chart: TimelineChart): Markup {
  const { left, right, top, bottom } = edges
  const seconds = chart.steps.map(({ endSeconds }) => endSeconds)
  const bytes = chart.steps.flatMap(({ samples, terms }) => [
    ...samples.map(([, value]) => value),
    terms.reduce((sum, term) => sum + term.bytes, 0),
  ])
  const x = linearAxis(0, Math.max(...seconds), [left, right], 8)
  const y = linearAxis(0, Math.max(...bytes) / chart.unitBytes, [bottom, top], 5)
  return chartFrame(
    { width: chartWidth, height: bottom + 42, label: chart.title },
    legend([...legendTerms(chart.steps), { className: 'key-measured', label: chart.lineLabel }], 2),
    bottomAxis({ axis: x, name: chart.xAxis, ...edges }),
    leftAxis({ axis: y, name: chart.yAxis, ...edges }, 34),
    ...chart.steps.map((step, i) => drawStep(step, i, x, y, chart.unitBytes)),
  )
}

function drawStep(step: TimelineStep, index: number, x: Axis, y: Axis, unitBytes: number): Markup {
  const [x1, x2] = [x.toPixels(step.startSeconds), x.toPixels(step.endSeconds)]
  let from = 0
  const stack = step.terms.map(({ name, bytes }) => {
    const [y1, y2] = [y.toPixels(from / unitBytes), y.toPixels((from + bytes) / unitBytes)]
    from += bytes
    return element('rect', { class: `term-${name}`, x: x1, y: y2, width: x2 - x1, height: y1 - y2 })
  })
  const points = step.samples.map(
    ([seconds, bytes]) => [x.toPixels(seconds), y.toPixels(bytes / unitBytes)] as const,
  )
  return group(
    'step',
    ...stack,
    element('path', { class: 'gap', d: gapPath(points, y.toPixels(from / unitBytes)) }),
    element('path', { class: 'measured', d: linePath(points) }),
    // Names of short steps would run into each other: every other one stands a line higher.
    text(
      { x: x1 + 2, y: edges.top - 4 - 13 * (index % 2), anchor: 'start', className: 'step-name' },
      step.label,
    ),
  )
}

/** Between the measured line and the top of the stack: what the theory does not explain. */
function gapPath(points: readonly (readonly [x: number, y: number])[], stackTop: number): string {
  const [first, last] = [points[0], points.at(-1)]
  if (!first || !last) return ''
  return `${linePath([[first[0], stackTop], ...points, [last[0], stackTop]])}Z`
}
