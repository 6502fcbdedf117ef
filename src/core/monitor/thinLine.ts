/** A moment and what was told then; null is a gap. */
export type LinePoint = readonly [tMs: number, value: number | null]

/**
 * At most about `maxPoints` of `points`, in order: of each stretch of equal count the lowest, the
 * highest and, where it has one, a gap, so that no peak and no silence is lost.
 */
export function thinLine(points: readonly LinePoint[], maxPoints: number): readonly LinePoint[] {
  if (points.length <= maxPoints) return points
  const stretches = Math.max(1, Math.floor(maxPoints / 3))
  const kept: LinePoint[] = []
  for (let stretch = 0; stretch < stretches; stretch += 1) {
    const from = Math.floor((stretch * points.length) / stretches)
    const to = Math.floor(((stretch + 1) * points.length) / stretches)
    let lowest = -1
    let highest = -1
    let gap = -1
    for (let i = from; i < to; i += 1) {
      const value = points[i]![1]
      if (value === null) {
        gap = i
        continue
      }
      if (lowest < 0 || value < points[lowest]![1]!) lowest = i
      if (highest < 0 || value > points[highest]![1]!) highest = i
    }
    const places = new Set([lowest, highest, gap].filter((place) => place >= 0))
    for (const place of [...places].toSorted((a, b) => a - b)) kept.push(points[place]!)
  }
  return kept
}
