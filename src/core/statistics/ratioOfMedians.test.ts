import { describe, expect, it } from 'vitest'
import { createRandom } from '../random'
import { median, quantile } from './quantile'
import { medianOfPairedRatios, ratioOfMedians } from './ratioOfMedians'

const random = createRandom(3)
const series = (count: number, level: number) =>
  Array.from({ length: count }, () => level * Math.exp(0.2 * random.normal()))

describe('ratioOfMedians', () => {
  it('is the ratio, and gives the same interval every time', () => {
    const [a, b] = [series(40, 2), series(30, 1)]
    expect(ratioOfMedians(a, b).ratio).toBe(median(a) / median(b))
    expect(ratioOfMedians(a, b)).toStrictEqual(ratioOfMedians(a, b))
  })

  it.each([
    [40, 30],
    [41, 7],
  ])('agrees with drawing every resample, for %i and %i samples', (countA, countB) => {
    const [a, b] = [series(countA, 2), series(countB, 1)]
    const resample = (values: readonly number[]) =>
      values.map(() => values[random.integer(values.length)]!)
    const slow = Array.from({ length: 4000 }, () => median(resample(a)) / median(resample(b)))
    const { low, high } = ratioOfMedians(a, b).interval!
    // Ends of a bootstrap interval are themselves drawn; 2 % of the ratio is far below its width.
    expect(Math.abs(low / quantile(slow, 0.025) - 1)).toBeLessThan(0.02)
    expect(Math.abs(high / quantile(slow, 0.975) - 1)).toBeLessThan(0.02)
  })

  it('has no interval where one side has fewer than 6 samples', () => {
    expect(ratioOfMedians(series(5, 2), series(30, 1)).interval).toBeNull()
    expect(ratioOfMedians([4], [2])).toStrictEqual({ ratio: 2, interval: null })
  })
})

describe('medianOfPairedRatios', () => {
  it('sees 1 % through a disturbance that doubles both sides', () => {
    const base = series(20, 1).map((value, index) => value * (index % 2 === 0 ? 1 : 2))
    const slower = base.map((value) => 1.01 * value)
    const { ratio, interval } = medianOfPairedRatios(slower, base)
    expect(ratio).toBeCloseTo(1.01, 9)
    expect(interval!.low).toBeGreaterThan(1.009)
  })

  it('refuses sides of different lengths', () => {
    expect(() => medianOfPairedRatios([1, 2], [1])).toThrow('2 values cannot be paired with 1')
  })
})
