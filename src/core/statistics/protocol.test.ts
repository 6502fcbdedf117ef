import { describe, expect, it, vi } from 'vitest'
import { createRandom, type Random } from '../random'
import { mannWhitney } from './mannWhitney'
import { medianInterval } from './medianInterval'
import { medianOfPairedRatios, ratioOfMedians } from './ratioOfMedians'
import { findSteadyState } from './steadyState'

// Tests of the measurement protocol itself: what it says about simulated series whose truth is known.

// A thousand resampled series take 1.5 s of an idle core, and several times that of a busy one.
vi.setConfig({ testTimeout: 60_000 })

const noise = 0.02

/** Latencies around `level` ms with 2 % normal noise. */
function normalSeries(count: number, level: number, random: Random): number[] {
  return Array.from({ length: count }, () => level * (1 + noise * random.normal()))
}

/** Latencies as they look on a shared machine: most near 1 ms, a long tail above. Median 1. */
function skewedSeries(count: number, random: Random): number[] {
  return Array.from({ length: count }, () => Math.exp(0.3 * random.normal()))
}

/** How many of `trials` seeded experiments come out true. */
function countTrue(trials: number, experiment: (random: Random, trial: number) => boolean): number {
  const random = createRandom(7)
  let count = 0
  for (let trial = 0; trial < trials; trial += 1) if (experiment(random, trial)) count += 1
  return count
}

const excludesOne = ({ interval }: ReturnType<typeof ratioOfMedians>) =>
  interval !== null && (interval.low > 1 || interval.high < 1)

describe('comparing two alike (A/A), 200 times at α = 0.05', () => {
  // 10 are expected by chance; 18 is the 99 % bound of B(200, 0.05).
  it('flags at most 18 by the p-value', () => {
    const flagged = countTrue(200, (random) => {
      const a = normalSeries(10, 1, random)
      return mannWhitney(a, normalSeries(10, 1, random)).pValue < 0.05
    })
    expect(flagged).toBeLessThanOrEqual(18)
  })

  it('flags at most 18 by the interval of the ratio', () => {
    const flagged = countTrue(200, (random) =>
      excludesOne(ratioOfMedians(skewedSeries(30, random), skewedSeries(30, random))),
    )
    expect(flagged).toBeLessThanOrEqual(18)
  })

  it('flags at most 18 by the interval of paired ratios', () => {
    const flagged = countTrue(200, (random) =>
      excludesOne(medianOfPairedRatios(skewedSeries(30, random), skewedSeries(30, random))),
    )
    expect(flagged).toBeLessThanOrEqual(18)
  })
})

describe('a slowdown of 5 % in 10 samples with 2 % noise', () => {
  it('is found at least 95 times of 100 by the p-value', () => {
    const found = countTrue(100, (random) => {
      const a = normalSeries(10, 1, random)
      return mannWhitney(a, normalSeries(10, 1.05, random)).pValue < 0.05
    })
    expect(found).toBeGreaterThanOrEqual(95)
  })

  it('is found at least 95 times of 100 by the interval of the ratio', () => {
    const found = countTrue(100, (random) =>
      excludesOne(ratioOfMedians(normalSeries(10, 1.05, random), normalSeries(10, 1, random))),
    )
    expect(found).toBeGreaterThanOrEqual(95)
  })
})

describe('the 95 % interval of the median', () => {
  it.each([6, 10, 11, 30, 64, 200])(
    'holds the true median in 93 to 97 %% of 2,000 series of %i',
    (n) => {
      const covered = countTrue(2000, (random) => {
        const { low, high } = medianInterval(skewedSeries(n, random))!
        return low <= 1 && 1 <= high
      })
      expect(covered / 2000).toBeGreaterThanOrEqual(0.93)
      expect(covered / 2000).toBeLessThanOrEqual(0.97)
    },
  )
})

describe('the interval of a ratio of medians', () => {
  it('holds the true ratio in 93 to 97 % of 1,000 pairs of series', () => {
    const covered = countTrue(1000, (random) => {
      const a = skewedSeries(40, random).map((value) => 3 * value)
      const { low, high } = ratioOfMedians(a, skewedSeries(30, random)).interval!
      return low <= 3 && 3 <= high
    })
    expect(covered / 1000).toBeGreaterThanOrEqual(0.93)
    expect(covered / 1000).toBeLessThanOrEqual(0.97)
  })
})

describe('warm-up detection', () => {
  it('finds a planted step within 2 samples in at least 95 of 100 series', () => {
    const found = countTrue(100, (random, trial) => {
      const planted = 5 + (trial % 40)
      const series = [...normalSeries(planted, 1.2, random), ...normalSeries(100, 1, random)]
      const state = findSteadyState(series)
      return state.type === 'steady' && Math.abs(state.warmupCount - planted) <= 2
    })
    expect(found).toBeGreaterThanOrEqual(95)
  })

  it('finds it among outliers, which are no change of level', () => {
    const found = countTrue(100, (random) => {
      const series = [...normalSeries(20, 1.2, random), ...normalSeries(100, 1, random)].map(
        (value) => (random.uniform() < 0.03 ? 10 * value : value),
      )
      const state = findSteadyState(series)
      return state.type === 'steady' && Math.abs(state.warmupCount - 20) <= 2
    })
    expect(found).toBeGreaterThanOrEqual(95)
  })

  it('calls a series that drifts by 10 % without a steady state in at least 95 of 100', () => {
    const labelled = countTrue(100, (random) => {
      const series = normalSeries(200, 1, random).map((value, i) => value * (1 + (0.1 * i) / 199))
      return findSteadyState(series).type === 'noSteadyState'
    })
    expect(labelled).toBeGreaterThanOrEqual(95)
  })

  it('finds no warm-up in at least 95 of 100 flat series', () => {
    const flat = countTrue(100, (random) => {
      const state = findSteadyState(normalSeries(200, 1, random))
      return state.type === 'steady' && state.warmupCount === 0
    })
    expect(flat).toBeGreaterThanOrEqual(95)
  })
})
