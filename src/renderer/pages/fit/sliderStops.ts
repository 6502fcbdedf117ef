/**
 * Whole numbers that a slider stops at, from `min` to `max`: every one up to 8, then eight to a
 * doubling, so that each step changes about as much as the last.
 */
export function sliderStops(min: number, max: number): readonly number[] {
  const stops: number[] = []
  for (
    let value = min;
    value <= max;
    value += Math.max(1, 2 ** (Math.floor(Math.log2(value || 1)) - 3))
  )
    stops.push(value)
  return stops
}

/** Position of the stop that is nearest to `value`. */
export function nearestStop(stops: readonly number[], value: number): number {
  let best = 0
  stops.forEach((stop, index) => {
    if (Math.abs(stop - value) < Math.abs(stops[best]! - value)) best = index
  })
  return best
}
