/** Ascending copy. */
export function sortedCopy(values: ArrayLike<number>): Float64Array {
  return Float64Array.from(values).sort()
}

/**
 * Quantile of ascending values by linear interpolation between neighbours (type 7 of Hyndman & Fan
 * 1996, the default of R and NumPy).
 * @param probability 0 to 1
 * @throws RangeError where there are no values
 */
export function quantileSorted(sorted: ArrayLike<number>, probability: number): number {
  if (sorted.length === 0) throw new RangeError('no values have no quantile')
  const place = (sorted.length - 1) * probability
  const below = Math.floor(place)
  const low = sorted[below]!
  const high = sorted[Math.min(below + 1, sorted.length - 1)]!
  // Equal neighbours first: ∞ − ∞ is not a number.
  return low === high ? low : Math.min(low + (place - below) * (high - low), high)
}

/** As `quantileSorted`, of values in any order. */
export function quantile(values: ArrayLike<number>, probability: number): number {
  return quantileSorted(sortedCopy(values), probability)
}

export function median(values: ArrayLike<number>): number {
  return quantile(values, 0.5)
}

/** Median distance from the median, not scaled: about 0.6745 standard deviations of normal values. */
export function medianAbsoluteDeviation(values: ArrayLike<number>): number {
  const middle = median(values)
  return median(Float64Array.from(values, (value) => Math.abs(value - middle)))
}

/** Standard deviations of a normal distribution in one median absolute deviation: 1 / Φ⁻¹(3/4). */
export const deviationsPerMad = 1.4826

/**
 * Mean without the `trimmedEachSide` smallest and as many largest values, as benchmark rules ask for
 * ("drop the fastest and the slowest run").
 * @throws RangeError where nothing is left
 */
export function trimmedMean(values: ArrayLike<number>, trimmedEachSide: number): number {
  const kept = sortedCopy(values).subarray(trimmedEachSide, values.length - trimmedEachSide)
  if (kept.length === 0 || trimmedEachSide * 2 >= values.length) {
    throw new RangeError(`${values.length} values less ${trimmedEachSide} on each side leave none`)
  }
  return kept.reduce((sum, value) => sum + value, 0) / kept.length
}
