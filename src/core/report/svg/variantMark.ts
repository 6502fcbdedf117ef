import { variantMarks } from '../trainingVariants'
import { element, type Markup } from './svg'

/** The dot of a way of training: its shape tells it from the others where colours are not seen. */
export function variantMark(variant: number, x: number, y: number, className: string): Markup {
  const polygon = (points: readonly (readonly [number, number])[]) =>
    element('polygon', { class: className, points: points.map((point) => point.join(' ')).join() })
  const square = (rx: number | null) =>
    element('rect', { class: className, x: x - 2.5, y: y - 2.5, width: 5, height: 5, rx })
  const round = ([dx, dy]: readonly [number, number]) =>
    [Math.round(100 * (x + dx)) / 100, Math.round(100 * (y + dy)) / 100] as const
  const shapes = [
    () => element('circle', { class: className, cx: x, cy: y, r: 2.5 }),
    () => square(null),
    () =>
      polygon(
        (
          [
            [0, -3.5],
            [3.2, 2.5],
            [-3.2, 2.5],
          ] as const
        ).map(round),
      ),
    () =>
      polygon(
        (
          [
            [0, -3.6],
            [3.6, 0],
            [0, 3.6],
            [-3.6, 0],
          ] as const
        ).map(round),
      ),
    () => square(1.6),
  ] as const
  return (shapes[variant % variantMarks] ?? shapes[0])()
}
