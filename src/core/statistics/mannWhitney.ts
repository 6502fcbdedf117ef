import { cumulativeStdNormalProbability } from 'simple-statistics'

export interface MannWhitneyResult {
  /** Pairs (a, b) with a > b, ties counting half. */
  readonly u: number
  /** Two-sided: chance of a `u` at least this far from its mean if both sides were alike. */
  readonly pValue: number
}

/**
 * Up to this many pairs without ties the distribution of U is counted out: C(40, 20) orders of 20 and
 * 20 values are still exact in a double. Beyond it is normal enough.
 */
const maxExactPairs = 400

/**
 * Mann-Whitney U test: whether one sample tends to be larger, whatever the distributions look like.
 * Fewer than 4 values on each side can never reach p < 0.05 (2 / C(6, 3) = 0.1), and then p says so.
 * @throws RangeError where a side is empty
 */
export function mannWhitney(a: ArrayLike<number>, b: ArrayLike<number>): MannWhitneyResult {
  if (a.length === 0 || b.length === 0) throw new RangeError('a side has no values to compare')
  const { rankSum, tieTerm } = rankFirstSide(a, b)
  const u = rankSum - (a.length * (a.length + 1)) / 2
  const pairs = a.length * b.length
  const isExact = tieTerm === 0 && pairs <= maxExactPairs
  const pValue = isExact ? exactP(u, a.length, b.length) : normalP(u, a.length, b.length, tieTerm)
  return { u, pValue }
}

/** Sum of the ranks of `a` among both, ties sharing their mean rank; Σ(t³ − t) over groups of t ties. */
function rankFirstSide(a: ArrayLike<number>, b: ArrayLike<number>) {
  const all = [
    ...Array.from(a, (value) => ({ value, isFirst: true })),
    ...Array.from(b, (value) => ({ value, isFirst: false })),
  ].sort((left, right) => left.value - right.value)
  let rankSum = 0
  let tieTerm = 0
  for (let start = 0; start < all.length;) {
    let end = start
    while (end < all.length && all[end]!.value === all[start]!.value) end += 1
    const ties = end - start
    // Ranks start + 1 … end have this mean.
    const meanRank = (start + 1 + end) / 2
    for (let index = start; index < end; index += 1) if (all[index]!.isFirst) rankSum += meanRank
    tieTerm += ties ** 3 - ties
    start = end
  }
  return { rankSum, tieTerm }
}

function exactP(u: number, countA: number, countB: number): number {
  const frequencies = countOrders(countA, countB)
  const total = frequencies.reduce((sum, count) => sum + count, 0)
  const tail = frequencies
    .subarray(0, Math.min(u, countA * countB - u) + 1)
    .reduce((sum, count) => sum + count, 0)
  return Math.min(1, (2 * tail) / total)
}

/**
 * How many of the C(a + b, a) orders give each U: the coefficients of the Gaussian binomial
 * Π (1 − q^(b+i)) / (1 − q^i), i = 1 … a, multiplied out factor by factor.
 */
function countOrders(countA: number, countB: number): Float64Array {
  const coefficients = new Float64Array(countA * countB + 1)
  coefficients[0] = 1
  for (let i = 1; i <= countA; i += 1) {
    for (let u = coefficients.length - 1; u >= countB + i; u -= 1) {
      coefficients[u]! -= coefficients[u - countB - i]!
    }
    for (let u = i; u < coefficients.length; u += 1) coefficients[u]! += coefficients[u - i]!
  }
  return coefficients
}

/** Normal approximation with correction for continuity and ties. */
function normalP(u: number, countA: number, countB: number, tieTerm: number): number {
  const count = countA + countB
  const variance = ((countA * countB) / 12) * (count + 1 - tieTerm / (count * (count - 1)))
  // All values equal: nothing can tell the sides apart.
  if (variance <= 0) return 1
  const distance = Math.max(0, Math.abs(u - (countA * countB) / 2) - 0.5)
  return Math.min(1, 2 * (1 - cumulativeStdNormalProbability(distance / Math.sqrt(variance))))
}
