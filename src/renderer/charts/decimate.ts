/** A moment and a value. */
export type Point = readonly [x: number, y: number]

/**
 * At most `maxPoints` of `points`, in order: the lowest and the highest of each stretch of equal
 * count, so that no peak is lost. One pass; series that are short enough come back as they are.
 */
export function decimate(points: readonly Point[], maxPoints: number): readonly Point[] {
  if (points.length <= maxPoints) return points
  const stretches = Math.max(1, Math.floor(maxPoints / 2))
  const kept: Point[] = []
  for (let stretch = 0; stretch < stretches; stretch += 1) {
    const from = Math.floor((stretch * points.length) / stretches)
    const to = Math.floor(((stretch + 1) * points.length) / stretches)
    let lowest = from
    let highest = from
    for (let i = from + 1; i < to; i += 1) {
      if (points[i]![1] < points[lowest]![1]) lowest = i
      if (points[i]![1] > points[highest]![1]) highest = i
    }
    kept.push(points[Math.min(lowest, highest)]!)
    if (lowest !== highest) kept.push(points[Math.max(lowest, highest)]!)
  }
  return kept
}
