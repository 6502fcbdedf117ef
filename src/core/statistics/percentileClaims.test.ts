import { describe, expect, it } from 'vitest'
import { minimumSampleCount, percentileOrNull } from './percentileClaims'

describe('minimumSampleCount', () => {
  // p90: 0.9⁶⁴ + 64 · 0.1 · 0.9⁶³ = 0.00957 ≤ 0.01, and 0.0105 with 63.
  it.each([
    [0.9, 64],
    [0.95, 130],
    [0.99, 662],
    [0.999, 6636],
  ])('asks for as many samples as MLPerf for the percentile %d: %i', (percentile, count) => {
    expect(minimumSampleCount(percentile)).toBe(count)
  })
})

describe('percentileOrNull', () => {
  const samples = Array.from({ length: 101 }, (_, index) => index)

  it('gives a percentile that enough samples stand behind', () => {
    expect(percentileOrNull(samples, 0.9)).toBe(90)
    expect(percentileOrNull(samples.slice(0, 64), 0.9)).not.toBeNull()
  })

  it('is null below the count', () => {
    expect(percentileOrNull(samples.slice(0, 63), 0.9)).toBeNull()
    expect(percentileOrNull(samples, 0.99)).toBeNull()
  })
})
