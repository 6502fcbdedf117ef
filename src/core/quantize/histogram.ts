export interface Histogram {
  readonly binWidth: number
  readonly counts: number[]
}

/**
 * How |value| lies: `binCount` equal bins from 0 to the largest, each with its lower end, the last
 * with both. A tensor of zeros is one value wide 0: all in the first bin.
 */
export function absoluteHistogram(values: ArrayLike<number>, binCount: number): Histogram {
  let maxAbs = 0
  for (let index = 0; index < values.length; index += 1) {
    maxAbs = Math.max(maxAbs, Math.abs(values[index]!))
  }
  const binWidth = maxAbs / binCount
  const counts = Array.from({ length: binCount }, () => 0)
  for (let index = 0; index < values.length; index += 1) {
    const bin = binWidth === 0 ? 0 : Math.floor(Math.abs(values[index]!) / binWidth)
    counts[Math.min(bin, binCount - 1)]! += 1
  }
  return { binWidth, counts }
}
