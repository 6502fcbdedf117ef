/** How one median stands to another: base over other, with its 95 % interval. */
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
 * Median of `base` over the median of `other`: 2 where the other is twice as fast; null without samples.
 * @param scale work of one sample of `other` over that of `base`
 */
export function medianRatio(
  base: readonly number[],
  other: readonly number[],
  { scale = 1 }: { readonly scale?: number } = {},
): MedianRatio | null {
  if (base.length === 0 || other.length === 0) return null
  const median = (values: readonly number[]) =>
    values.toSorted((a, b) => a - b)[values.length >> 1]!
  let seed = 1
  const random = () => (seed = (seed * 48271) % 2147483647) / 2147483647
  const resample = (values: readonly number[]) =>
    values.map(() => values[Math.floor(random() * values.length)]!)
  const ratios = Array.from(
    { length: 400 },
    () => (scale * median(resample(base))) / median(resample(other)),
  ).toSorted((a, b) => a - b)
  return {
    ratio: (scale * median(base)) / median(other),
    ciLow: ratios[10]!,
    ciHigh: ratios[389]!,
  }
}
