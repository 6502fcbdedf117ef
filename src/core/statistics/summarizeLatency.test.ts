import { describe, expect, it } from 'vitest'
import { createRandom } from '../random'
import { LatencySummary } from '../run/record'
import { summarizeLatency } from './summarizeLatency'

const random = createRandom(4)
const steady = (count: number) => Array.from({ length: count }, () => 5 + 0.1 * random.normal())

describe('summarizeLatency', () => {
  it('says the median with its interval, and no percentile that it cannot claim', () => {
    const summary = LatencySummary.parse(summarizeLatency(steady(100)))
    expect(summary.sampleCount).toBe(100)
    expect(summary.ciLow).toBeLessThan(summary.median)
    expect(summary.ciHigh).toBeGreaterThan(summary.median)
    expect(summary.p90).toBeGreaterThan(summary.median)
    expect(summary.p99).toBeNull()
    expect(summary.warnings).toStrictEqual([])
  })

  it('claims p99 from 662 samples', () => {
    expect(summarizeLatency(steady(661)).p99).toBeNull()
    expect(summarizeLatency(steady(662)).p99).not.toBeNull()
  })

  it('claims no percentile where a sample is the mean of several runs', () => {
    expect(summarizeLatency(steady(700), { runsPerSample: 8 })).toMatchObject({
      p90: null,
      p99: null,
    })
  })

  it('spans all samples where they are too few, and says so', () => {
    const summary = summarizeLatency([3, 1, 2])
    expect(summary).toMatchObject({ median: 2, ciLow: 1, ciHigh: 3 })
    expect(summary.warnings[0]).toBe(
      '3 of 6 samples needed for a 95 % interval: it spans all samples instead',
    )
  })

  it('counts outliers in, and names a cold first sample', () => {
    const { warnings, median } = summarizeLatency([50, ...steady(98), 40])
    expect(median).toBeCloseTo(5, 1)
    expect(warnings).toContain('the first sample is an outlier: caches may have been cold')
    expect(warnings).toContain('2 of 100 samples are outliers; they are counted in')
  })

  it('says when the latency kept changing, or had not settled at first', () => {
    const drifting = steady(100).map((sample, index) => sample * (1 + index / 200))
    expect(summarizeLatency(drifting).warnings[0]).toMatch(/^no steady state/)
    const settling = steady(100).map((sample, index) => (index < 20 ? 1.5 * sample : sample))
    expect(summarizeLatency(settling).warnings).toContain(
      'the first 20 samples lie on another level: still warming up',
    )
  })

  it('refuses to say anything about nothing', () => {
    expect(() => summarizeLatency([])).toThrow(RangeError)
  })
})
