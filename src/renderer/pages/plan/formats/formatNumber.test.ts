import { expect, it } from 'vitest'
import { formatNumber } from './formatNumber'

it.each([
  [65_504, '65504'],
  [3.402_823_466e38, '3.4 × 10³⁸'],
  [2 ** -24, '5.96 × 10⁻⁸'],
  [-128, '−128'],
  [2 ** -7, '0.0078125'],
  [Number.POSITIVE_INFINITY, '∞'],
  [Number.NaN, 'NaN'],
  [null, '—'],
])('writes %s as %s', (value, text) => {
  expect(formatNumber(value)).toBe(text)
})
