import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { binomialCumulative } from './binomial'
import { medianInterval } from './medianInterval'
import { median } from './quantile'

const countTo = (count: number) => Array.from({ length: count }, (_, index) => index + 1)

describe('binomialCumulative', () => {
  it('adds up the terms of the binomial', () => {
    // (1 + 5 + 10) / 2⁵
    expect(binomialCumulative(2, 5, 0.5)).toBeCloseTo(16 / 32, 14)
    // 0.9³ + 3 · 0.1 · 0.9²
    expect(binomialCumulative(1, 3, 0.1)).toBeCloseTo(0.729 + 0.243, 14)
    expect(binomialCumulative(3, 3, 0.1)).toBeCloseTo(1, 14)
    expect(binomialCumulative(-1, 3, 0.1)).toBe(0)
  })

  it('keeps its digits where single terms are below the smallest number', () => {
    // The middle of 100,001 fair draws splits them in two equal halves.
    expect(binomialCumulative(50_000, 100_001, 0.5)).toBeCloseTo(0.5, 8)
  })
})

describe('medianInterval', () => {
  it('is not known from fewer than 6 values', () => {
    expect(medianInterval(countTo(5))).toBeNull()
    expect(medianInterval(countTo(6))).not.toBeNull()
  })

  it('interpolates between the ranks that enclose 95 %', () => {
    // n = 10: γ₂ = 1 − 2 · 11/1024 = 0.97852, γ₃ = 1 − 2 · 56/1024 = 0.89063,
    // I = (0.97852 − 0.95) / 0.08789 = 0.32444; λ = 8 I / (2 + 6 I) = 0.65763.
    const { low, high } = medianInterval(countTo(10))!
    expect(low).toBeCloseTo(2.65763, 4)
    expect(high).toBeCloseTo(8.34237, 4)
  })

  it('holds the median and lies within the samples, whatever they are', () => {
    const lists = fc.array(fc.double({ min: 0, max: 1e9, noNaN: true }), { minLength: 6 })
    fc.assert(
      fc.property(lists, (values) => {
        const { low, high } = medianInterval(values)!
        expect(low).toBeLessThanOrEqual(median(values))
        expect(high).toBeGreaterThanOrEqual(median(values))
        expect(low).toBeGreaterThanOrEqual(Math.min(...values))
        expect(high).toBeLessThanOrEqual(Math.max(...values))
      }),
    )
  })

  it('narrows with the root of the number of samples', () => {
    const width = (count: number) => {
      const { low, high } = medianInterval(countTo(count))!
      return (high - low) / count
    }
    // 1.96 · 2 · √n / 2 ranks: 0.196 of 100, 0.0196 of 10,000.
    expect(width(100)).toBeCloseTo(0.196, 2)
    expect(width(10_000)).toBeCloseTo(0.0196, 3)
  })
})
