import { binomialCumulative } from './binomial'
import { quantileSorted, sortedCopy } from './quantile'

export interface Interval {
  readonly low: number
  readonly high: number
}

/** The interval from the smallest to the largest of n values misses the median with 2 · 2⁻ⁿ: 3.1 % for 6, 6.3 % for 5. */
export const minIntervalSamples = 6

/**
 * Confidence interval of the median from order statistics: no assumption about the distribution, no
 * random numbers. The chance that x₍ₖ₎ … x₍ₙ₋ₖ₊₁₎ holds the median is γₖ = 1 − 2 P(B(n, ½) < k); between
 * the last k with γₖ ≥ confidence and the next the ends are interpolated (Hettmansperger & Sheather
 * 1986), because whole ranks alone would give 97.9 % instead of 95 % for 10 values.
 * @returns null with fewer than 6 values, which cannot bound a median at 95 %
 */
export function medianInterval(values: ArrayLike<number>, confidence = 0.95): Interval | null {
  const count = values.length
  if (1 - 2 * 0.5 ** count < confidence) return null
  const sorted = sortedCopy(values)
  const coverage = (rank: number) => 1 - 2 * binomialCumulative(rank - 1, count, 0.5)
  let rank = startRank(count)
  while (coverage(rank) < confidence) rank -= 1
  while (coverage(rank + 1) >= confidence) rank += 1

  const excess = (coverage(rank) - confidence) / (coverage(rank) - coverage(rank + 1))
  const share = ((count - rank) * excess) / (rank + (count - 2 * rank) * excess)
  // Ranks count from 1 and move inward by `share` of a rank; places count from 0.
  const place = (rank - 1 + share) / (count - 1)
  return { low: quantileSorted(sorted, place), high: quantileSorted(sorted, 1 - place) }
}

/** Near the rank that is sought: the binomial is about normal, 1.96 standard deviations are 0.98 √n. */
function startRank(count: number): number {
  return Math.max(1, Math.floor(count / 2 - 0.98 * Math.sqrt(count)))
}
