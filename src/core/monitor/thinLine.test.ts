import fc from 'fast-check'
import { expect, it } from 'vitest'
import { thinLine, type LinePoint } from './thinLine'

it('keeps a short line as it is', () => {
  const points: LinePoint[] = [
    [0, 1],
    [1, null],
  ]
  expect(thinLine(points, 2)).toBe(points)
})

it('never loses a peak, a low or the last gap, and keeps the order', () => {
  const values = fc.array(fc.option(fc.integer({ min: 0, max: 1000 })), { minLength: 1 })
  fc.assert(
    fc.property(values, fc.integer({ min: 3, max: 30 }), (list, maxPoints) => {
      const points = list.map((value, i): LinePoint => [i, value])
      const thin = thinLine(points, maxPoints)
      const known = (line: readonly LinePoint[]) => line.flatMap(([, y]) => (y === null ? [] : [y]))
      expect(thin.length).toBeLessThanOrEqual(Math.max(maxPoints, 3))
      expect(Math.max(...known(thin))).toBe(Math.max(...known(points)))
      expect(Math.min(...known(thin))).toBe(Math.min(...known(points)))
      expect(thin.some(([, y]) => y === null)).toBe(list.includes(null))
      expect(thin.map(([x]) => x)).toEqual(thin.map(([x]) => x).toSorted((a, b) => a - b))
    }),
  )
})
