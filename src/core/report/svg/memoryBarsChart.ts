import { memoryTermNames } from '../../estimate/memoryTerms'
import type { ChartTerm, MemoryBar, MemoryBarsChart } from '../runReport'
import { linearAxis, type Axis } from './axis'
import { bottomAxis, chartFrame, chartWidth, group, legend, text, textWidth } from './chartFrame'
import { element, type Markup } from './svg'

const rowHeight = 34
const barHeight = 14
const legendHeight = 26

/**
 * A bar per step: the theory's terms stacked, a line where the measurement ends, and hatched between
 * the two what is unexplained.
 */
export function memoryBarsChart(chart: MemoryBarsChart): Markup {
  const left = Math.max(...chart.rows.map(({ label }) => textWidth(label))) + 14
  const right = chartWidth - 14
  const top = legendHeight
  const bottom = top + rowHeight * chart.rows.length
  const largest = Math.max(...chart.rows.map((row) => Math.max(sumOf(row), row.measuredBytes ?? 0)))
  const axis = linearAxis(0, largest / chart.unitBytes || 1, [left, right], 8)
  return chartFrame(
    { width: chartWidth, height: bottom + 42, label: chart.title },
    legend(
      [
        ...legendTerms(chart.rows),
        { className: 'term-unexplained', label: chart.unexplainedLabel },
      ],
      2,
    ),
    bottomAxis({ axis, name: chart.axis, left, right, top, bottom }),
    ...chart.rows.map((row, i) =>
      drawRow(row, axis, chart.unitBytes, left, top + rowHeight * (i + 0.5)),
    ),
  )
}

/** Every term that appears, once, in the order of the stack. */
export function legendTerms(rows: readonly { readonly terms: readonly ChartTerm[] }[]) {
  const labels = new Map(
    rows.flatMap(({ terms }) => terms.map(({ name, label }) => [name, label] as const)),
  )
  return (['processBefore', ...memoryTermNames] as const).flatMap((name) => {
    const label = labels.get(name)
    return label === undefined ? [] : [{ className: `term-${name}`, label }]
  })
}

function sumOf({ terms }: MemoryBar): number {
  return terms.reduce((sum, { bytes }) => sum + bytes, 0)
}

function drawRow(row: MemoryBar, axis: Axis, unitBytes: number, left: number, y: number): Markup {
  const x = (bytes: number) => axis.toPixels(bytes / unitBytes)
  let from = 0
  const terms = row.terms.map(({ name, bytes }) => {
    const bar = drawBar(`term-${name}`, x(from), x(from + bytes), y)
    from += bytes
    return bar
  })
  const measured = row.measuredBytes
  const gap =
    measured === null
      ? []
      : [
          drawBar('term-unexplained', x(Math.min(from, measured)), x(Math.max(from, measured)), y),
          element('line', {
            class: 'measured',
            x1: x(measured),
            x2: x(measured),
            y1: y - barHeight / 2 - 4,
            y2: y + barHeight / 2 + 4,
          }),
        ]
  const label = text({ x: left - 8, y: y + 4, anchor: 'end' }, row.label)
  return group('row', label, ...terms, ...gap)
}

function drawBar(className: string, x1: number, x2: number, y: number): Markup {
  return element('rect', {
    class: className,
    x: x1,
    y: y - barHeight / 2,
    width: x2 - x1,
    height: barHeight,
  })
}
