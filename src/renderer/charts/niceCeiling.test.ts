import { expect, it } from 'vitest'
import { niceCeiling } from './niceCeiling'

it.each([
  [0.35, 0.4],
  [1, 1],
  [1.78, 2],
  [6.1, 8],
  [97, 100],
  [0, 1],
  [Number.NaN, 1],
])('ends an axis for %d at %d', (value, end) => {
  expect(niceCeiling(value)).toBeCloseTo(end, 12)
})
