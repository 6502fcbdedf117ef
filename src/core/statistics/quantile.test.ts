import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { median, medianAbsoluteDeviation, quantile, trimmedMean } from './quantile'

const values = fc.array(fc.double({ min: -1e6, max: 1e6, noNaN: true }), { minLength: 1 })

describe('quantile', () => {
  it('interpolates between neighbours', () => {
    // Place (4 − 1) · 0.9 = 2.7: 3 + 0.7 · (4 − 3).
    expect(quantile([4, 1, 3, 2], 0.9)).toBeCloseTo(3.7, 12)
    expect(quantile([4, 1, 3, 2], 0)).toBe(1)
    expect(quantile([4, 1, 3, 2], 1)).toBe(4)
  })

  it('lies between the extremes and does not fall as the probability grows', () => {
    fc.assert(
      fc.property(values, fc.double({ min: 0, max: 1, noNaN: true }), (list, probability) => {
        const found = quantile(list, probability)
        expect(found).toBeGreaterThanOrEqual(Math.min(...list))
        expect(found).toBeLessThanOrEqual(Math.max(...list))
        expect(found).toBeLessThanOrEqual(quantile(list, (1 + probability) / 2) + 1e-9)
      }),
    )
  })

  it('refuses to answer without values', () => {
    expect(() => quantile([], 0.5)).toThrow(RangeError)
  })
})

describe('median and medianAbsoluteDeviation', () => {
  it('are not moved by an outlier', () => {
    expect(median([1, 2, 3, 4, 1000])).toBe(3)
    // Distances from 3: 2, 1, 0, 1, 997.
    expect(medianAbsoluteDeviation([1, 2, 3, 4, 1000])).toBe(1)
  })
})

describe('trimmedMean', () => {
  it('leaves out the fastest and the slowest', () => {
    expect(trimmedMean([100, 2, 4, 3, -50], 1)).toBe((2 + 3 + 4) / 3)
    expect(trimmedMean([1, 2], 0)).toBe(1.5)
  })

  it('refuses to trim everything away', () => {
    expect(() => trimmedMean([1, 2], 1)).toThrow('leave none')
    expect(() => trimmedMean([1, 2, 3], 2)).toThrow('leave none')
  })
})
