/**
 * Places where the mean of a series changes, by optimal partitioning with pruning (PELT, Killick,
 * Fearnhead & Eckley 2012): the partition with the least Σ (x − segment mean)² / σ² plus a penalty per
 * change.
 * @param deviation σ of the noise within a segment, > 0
 * @param penalty what one more change must explain, in units of σ²
 * @returns ascending indices at which a new segment starts, without 0
 */
export function findChangepoints(
  values: Float64Array,
  deviation: number,
  penalty: number,
): number[] {
  const segmentCost = prepareSegmentCost(values, deviation)
  const count = values.length
  // best[t]: least cost of the first t values; previous[t]: start of the last segment in that partition.
  const best = new Float64Array(count + 1)
  const previous = new Uint32Array(count + 1)
  best[0] = -penalty
  let candidates = [0]
  for (let end = 1; end <= count; end += 1) {
    best[end] = Infinity
    for (const start of candidates) {
      const cost = best[start]! + segmentCost(start, end) + penalty
      if (cost < best[end]!) {
        best[end] = cost
        previous[end] = start
      }
    }
    // A start that is already worse than the best without paying for a change never wins again.
    candidates = candidates.filter((start) => best[start]! + segmentCost(start, end) <= best[end]!)
    candidates.push(end)
  }
  const changes: number[] = []
  for (let end = previous[count]!; end > 0; end = previous[end]!) changes.unshift(end)
  return changes
}

/** Squared distances from the mean of values[start … end), over σ², from running sums. */
function prepareSegmentCost(values: Float64Array, deviation: number) {
  const sums = new Float64Array(values.length + 1)
  const squares = new Float64Array(values.length + 1)
  // Centred and scaled first: sums of squares of 1000.001 would lose the last digits.
  const origin = values[0] ?? 0
  values.forEach((value, index) => {
    const scaled = (value - origin) / deviation
    sums[index + 1] = sums[index]! + scaled
    squares[index + 1] = squares[index]! + scaled ** 2
  })
  return (start: number, end: number): number => {
    const sum = sums[end]! - sums[start]!
    return squares[end]! - squares[start]! - sum ** 2 / (end - start)
  }
}
