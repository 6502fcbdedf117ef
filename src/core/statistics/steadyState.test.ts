import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createRandom } from '../random'
import { findChangepoints } from './changepoints'
import { findSteadyState } from './steadyState'

/** Every partition tried, by recursion: least cost and its changes. */
function slowChangepoints(values: Float64Array, penalty: number): number[] {
  const cost = (part: Float64Array) => {
    const mean = part.reduce((sum, value) => sum + value, 0) / part.length
    return part.reduce((sum, value) => sum + (value - mean) ** 2, 0)
  }
  let best = { total: Infinity, changes: [] as number[] }
  for (let mask = 0; mask < 2 ** (values.length - 1); mask += 1) {
    const changes = [...values.keys()].filter((index) => index > 0 && mask & (1 << (index - 1)))
    const bounds = [0, ...changes, values.length]
    const costs = bounds.slice(1).map((end, index) => cost(values.subarray(bounds[index], end)))
    const total = costs.reduce((sum, value) => sum + value, changes.length * penalty)
    if (total < best.total - 1e-9) best = { total, changes }
  }
  return best.changes
}

describe('findChangepoints', () => {
  it('finds the partition that trying all of them finds', () => {
    const steps = fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 1, maxLength: 9 })
    fc.assert(
      fc.property(steps, (list) => {
        // Irrational offsets, so that no two partitions cost the same.
        const values = Float64Array.from(
          list,
          (value, index) => value + 0.1 * Math.sin(index * 12.9),
        )
        expect(findChangepoints(values, 1, 5)).toStrictEqual(slowChangepoints(values, 5))
      }),
    )
  })

  it('finds every step of a staircase', () => {
    const stairs = Float64Array.from({ length: 60 }, (_, index) => 100 + Math.floor(index / 20))
    expect(findChangepoints(stairs, 0.1, 10)).toStrictEqual([20, 40])
  })
})

describe('findSteadyState', () => {
  const noisy = (count: number, level: (index: number) => number) => {
    const random = createRandom(11)
    return Array.from({ length: count }, (_, index) => level(index) * (1 + 0.01 * random.normal()))
  }

  it('waits until an exponential warm-up has died away', () => {
    const state = findSteadyState(noisy(200, (index) => 1 + Math.exp(-index / 10)))
    // 1 % is left after 10 · ln 100 = 46 samples; noise of 1 % hides a little more.
    expect(state.type === 'steady' && state.warmupCount).toBeGreaterThan(25)
    expect(state.type === 'steady' && state.warmupCount).toBeLessThan(60)
  })

  it('does not call a clock steady that falls in the last third', () => {
    const throttled = noisy(150, (index) => (index < 100 ? 1 : 1.3))
    expect(findSteadyState(throttled)).toStrictEqual({ type: 'noSteadyState' })
  })

  it('does not call a wave steady', () => {
    const wave = noisy(200, (index) => (Math.floor(index / 25) % 2 === 0 ? 1 : 1.2))
    expect(findSteadyState(wave)).toStrictEqual({ type: 'noSteadyState' })
  })

  it('calls equal samples steady from the first, and too few of them not', () => {
    const equal = (count: number) => Array.from({ length: count }, () => 3)
    expect(findSteadyState(equal(10))).toStrictEqual({ type: 'steady', warmupCount: 0 })
    expect(findSteadyState(equal(9))).toStrictEqual({ type: 'noSteadyState' })
    expect(findSteadyState([])).toStrictEqual({ type: 'noSteadyState' })
  })

  it('finds a step in 50,000 samples to within a block', () => {
    const state = findSteadyState(noisy(50_000, (index) => (index < 10_000 ? 1.2 : 1)))
    // 50,000 / 2,000 = blocks of 25.
    expect(state.type === 'steady' && Math.abs(state.warmupCount - 10_000)).toBeLessThanOrEqual(25)
  })
})
