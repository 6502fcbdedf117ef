import { formatTick } from '../figures'
import type { Axis } from './axis'
import { element, type Markup } from './svg'

/** Pixels of every chart's drawing; the page scales it to its own width. */
export const chartWidth = 760

interface FrameOptions {
  readonly width: number
  readonly height: number
  /** What the picture shows, for those who do not see it. */
  readonly label: string
}

/** The root of a chart. Colours come from classes, so that one drawing serves light, dark and print. */
export function chartFrame({ width, height, label }: FrameOptions, ...children: Markup[]): Markup {
  return element(
    'svg',
    { class: 'chart', viewBox: `0 0 ${width} ${height}`, role: 'img', 'aria-label': label },
    children,
  )
}

interface AxisPlace {
  readonly axis: Axis
  readonly name: string
  /** The drawing's inner edges. */
  readonly left: number
  readonly right: number
  readonly top: number
  readonly bottom: number
}

/** Ticks, grid lines and the name of a horizontal axis along the bottom. */
export function bottomAxis({ axis, name, left, right, top, bottom }: AxisPlace): Markup {
  return group(
    'axis',
    ...axis.ticks.flatMap((tick) => {
      const x = axis.toPixels(tick)
      return [
        element('line', { class: 'grid', x1: x, x2: x, y1: top, y2: bottom }),
        text({ x, y: bottom + 16, anchor: 'middle' }, formatTick(tick)),
      ]
    }),
    text({ x: (left + right) / 2, y: bottom + 34, anchor: 'middle' }, name),
  )
}

/** Ticks and grid lines of a vertical axis at the left; its name stands `nameHeight` above it. */
export function leftAxis({ axis, name, left, right, top }: AxisPlace, nameHeight = 10): Markup {
  return group(
    'axis',
    ...axis.ticks.flatMap((tick) => {
      const y = axis.toPixels(tick)
      return [
        element('line', { class: 'grid', x1: left, x2: right, y1: y, y2: y }),
        text({ x: left - 6, y: y + 4, anchor: 'end' }, formatTick(tick)),
      ]
    }),
    text({ x: 0, y: top - nameHeight, anchor: 'start' }, name),
  )
}

export function group(className: string, ...children: readonly Markup[]): Markup {
  return element('g', { class: className }, children)
}

interface TextPlace {
  readonly x: number
  readonly y: number
  readonly anchor: 'start' | 'middle' | 'end'
  readonly className?: string
}

export function text({ x, y, anchor, className }: TextPlace, content: string): Markup {
  return element('text', { class: className ?? null, x, y, 'text-anchor': anchor }, content)
}

export interface LegendEntry {
  readonly className: string
  readonly label: string
}

/** Squares with their meaning, in one row that wraps at the drawing's width. */
export function legend(entries: readonly LegendEntry[], y: number, left = 0): Markup {
  let x = left
  let row = 0
  const items = entries.map(({ className, label }) => {
    const width = 24 + textWidth(label)
    if (x > left && x + width > chartWidth) {
      x = left
      row += 1
    }
    const item = group(
      'entry',
      element('rect', { class: className, x, y: y + 18 * row, width: 11, height: 11 }),
      text({ x: x + 16, y: y + 18 * row + 10, anchor: 'start' }, label),
    )
    x += width
    return item
  })
  return group('legend', ...items)
}

/** About how wide 12 px text is: a Chinese character takes the place of nearly two Latin ones. */
export function textWidth(label: string): number {
  return Array.from(label).reduce((sum, letter) => sum + (letter > '\u2e7f' ? 12 : 6.6), 0)
}
