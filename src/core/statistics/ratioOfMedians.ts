import { createRandom, type Random } from '../random'
import { medianInterval } from './medianInterval'
import { median, quantileSorted, sortedCopy } from './quantile'

export interface Ratio {
  readonly ratio: number
  /** 95 % interval; null with too few samples for one. */
  readonly interval: { readonly low: number; readonly high: number } | null
}

const resamples = 2000
const seed = 0

/**
 * Median of `numerators` over the median of `denominators`, which were measured independently, with its
 * 95 % interval by the bootstrap (percentile method, seeded: equal samples give an equal interval).
 * All values > 0. The interval is null where a side has fewer than 6 samples.
 */
export function ratioOfMedians(
  numerators: ArrayLike<number>,
  denominators: ArrayLike<number>,
): Ratio {
  const ratio = median(numerators) / median(denominators)
  // A side that cannot bound its own median cannot bound a ratio of it.
  if (!medianInterval(numerators) || !medianInterval(denominators)) return { ratio, interval: null }
  const random = createRandom(seed)
  const above = sortedCopy(numerators)
  const below = sortedCopy(denominators)
  const ratios = new Float64Array(resamples)
    .map(() => resampledMedian(above, random) / resampledMedian(below, random))
    .sort()
  return {
    ratio,
    interval: { low: quantileSorted(ratios, 0.025), high: quantileSorted(ratios, 0.975) },
  }
}

/**
 * Median of the ratios of pairs measured one right after the other, so that what disturbed both
 * cancels out; interval from order statistics.
 * @throws RangeError where the two differ in length
 */
export function medianOfPairedRatios(
  numerators: ArrayLike<number>,
  denominators: ArrayLike<number>,
): Ratio {
  if (numerators.length !== denominators.length) {
    throw new RangeError(`${numerators.length} values cannot be paired with ${denominators.length}`)
  }
  const ratios = Float64Array.from(numerators, (value, index) => value / denominators[index]!)
  return { ratio: median(ratios), interval: medianInterval(ratios) }
}

/**
 * Median of n draws with replacement from n ascending values, without drawing them: the m-th smallest
 * of n uniform numbers follows Beta(m, n − m + 1), and the value at that place of the sorted sample is
 * the m-th smallest draw. 2,000 resamples of 10,000 samples take milliseconds instead of seconds.
 */
function resampledMedian(sorted: Float64Array, random: Random): number {
  const count = sorted.length
  const rank = Math.ceil(count / 2)
  const place = drawBeta(rank, count - rank + 1, random)
  const value = sorted[Math.floor(place * count)]!
  if (count % 2 === 1) return value
  // Even counts also need the next smallest: the minimum of the count − rank numbers above `place`.
  const gap = 1 - (1 - random.uniform()) ** (1 / (count - rank))
  const next = place + (1 - place) * gap
  return (value + sorted[Math.min(Math.floor(next * count), count - 1)]!) / 2
}

/** Beta(a, b) as the share of one gamma variate in two. */
function drawBeta(a: number, b: number, random: Random): number {
  const x = drawGamma(a, random)
  return x / (x + drawGamma(b, random))
}

/** Gamma(shape ≥ 1, 1) by rejection (Marsaglia & Tsang 2000). */
function drawGamma(shape: number, random: Random): number {
  const d = shape - 1 / 3
  const c = 1 / Math.sqrt(9 * d)
  for (;;) {
    const x = random.normal()
    const v = (1 + c * x) ** 3
    const accepted = v > 0 && Math.log1p(-random.uniform()) < x ** 2 / 2 + d * (1 - v + Math.log(v))
    if (accepted) return d * v
  }
}
