import { blockRatioInterval } from './blockInterval'
import { ratioOfMedians } from '../statistics/ratioOfMedians'

/** How one median stands to another, with its 95 % interval. */
export interface MedianRatio {
  readonly ratio: number
  readonly ciLow: number
  readonly ciHigh: number
}

export type SpeedVerdict = 'faster' | 'slower' | 'noDifference'

/** criterion's noise threshold: layouts and clocks alone move a median by up to 1 %. */
export const speedNoise = 0.01

/** The interval decides: faster or slower only where it excludes 1. */
export function speedVerdict({ ciLow, ciHigh }: MedianRatio): SpeedVerdict {
  if (ciLow > 1) return 'faster'
  if (ciHigh < 1) return 'slower'
  return 'noDifference'
}

/**
 * Median of `base` over the median of `other`: 2 where the other is twice as fast. null where one of
 * them has too few samples for an interval.
 * @param scale work of one sample of `other` over that of one of `base`
 */
export function medianRatio(
  base: readonly number[],
  other: readonly number[],
  { scale = 1 }: { readonly scale?: number } = {},
): MedianRatio | null {
  if (base.length === 0 || other.length === 0) return null
  const { ratio, interval } = ratioOfMedians(base, other)
  if (!interval) return null
  // The wider of the two: blocks know what moved together, but are few.
  const { low, high } = blockRatioInterval(base, other) ?? interval
  return {
    ratio: scale * ratio,
    ciLow: scale * Math.min(low, interval.low),
    ciHigh: scale * Math.max(high, interval.high),
  }
}
