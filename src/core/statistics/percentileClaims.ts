import { binomialCumulative } from './binomial'
import { quantile } from './quantile'

/** A claim must hold with 99 %, and one query over the limit must not refute it. */
const confidence = 0.99
const allowedOver = 1

/**
 * Fewest samples that allow a statement about a percentile: the least n for which a system whose true
 * percentile lies at the limit would show at most 1 of n over it with less than 1 % chance,
 * P(B(n, 1 − percentile) ≤ 1) ≤ 0.01. This is the early-stopping rule of MLPerf inference: p90 64,
 * p95 130, p99 662, p99.9 6,636.
 * @param percentile strictly between 0 and 1, such as 0.99
 */
export function minimumSampleCount(percentile: number): number {
  const isEnough = (count: number) =>
    binomialCumulative(allowedOver, count, 1 - percentile) <= 1 - confidence
  let high = 2
  while (!isEnough(high)) high *= 2
  let low = high / 2
  while (low + 1 < high) {
    const middle = Math.floor((low + high) / 2)
    if (isEnough(middle)) high = middle
    else low = middle
  }
  return high
}

/** The percentile of the samples, or null where they are too few to claim one. */
export function percentileOrNull(samples: ArrayLike<number>, percentile: number): number | null {
  return samples.length < minimumSampleCount(percentile) ? null : quantile(samples, percentile)
}
