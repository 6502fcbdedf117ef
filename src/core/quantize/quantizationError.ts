import { maxLevel } from './int8'

/** Mean squared error over all values; the two parts sum to the whole. */
export interface QuantizationError {
  /** Of values beyond alpha, which become alpha: Σ (|x| − alpha)² ÷ n. */
  readonly clippingError: number
  /** Of values within alpha, which become the nearest level: Σ (|x| − level · scale)² ÷ n. */
  readonly roundingError: number
}

/**
 * Gives the error of any alpha in O(levels · log n) instead of O(n). The values are sorted once with
 * running sums of x and x²; those that go to one level lie side by side, and their error is
 * Σ (x − q)² = Σ x² − 2q Σ x + n q².
 */
export function createErrorMeter(values: ArrayLike<number>): (alpha: number) => QuantizationError {
  const sorted = Float64Array.from(values, Math.abs).sort()
  const count = sorted.length
  const sums = new Float64Array(count + 1)
  const squares = new Float64Array(count + 1)
  for (let index = 0; index < count; index += 1) {
    sums[index + 1] = sums[index]! + sorted[index]!
    squares[index + 1] = squares[index]! + sorted[index]! ** 2
  }
  const squaredDistance = (from: number, to: number, level: number): number =>
    // Subtracting large sums can leave a negative hair.
    Math.max(
      0,
      squares[to]! -
        squares[from]! -
        2 * level * (sums[to]! - sums[from]!) +
        (to - from) * level ** 2,
    )

  return (alpha) => {
    const scale = alpha / maxLevel
    const clippedFrom = firstAbove(sorted, alpha)
    let rounding = 0
    let from = 0
    for (let level = 0; level <= maxLevel && from < clippedFrom; level += 1) {
      const to = Math.min(clippedFrom, firstAbove(sorted, (level + 0.5) * scale))
      rounding += squaredDistance(from, to, level * scale)
      from = to
    }
    return {
      clippingError: squaredDistance(clippedFrom, count, alpha) / count,
      roundingError: rounding / count,
    }
  }
}

/** Index of the first value larger than `limit`, by halving. */
function firstAbove(sorted: Float64Array, limit: number): number {
  let [low, high] = [0, sorted.length]
  while (low < high) {
    const middle = (low + high) >>> 1
    if (sorted[middle]! > limit) high = middle
    else low = middle + 1
  }
  return low
}
