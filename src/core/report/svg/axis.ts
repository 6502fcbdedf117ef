/** A linear axis from data to pixels, with round ticks. */
export interface Axis {
  readonly min: number
  readonly max: number
  readonly ticks: readonly number[]
  readonly toPixels: (value: number) => number
}

/**
 * An axis that covers `min` to `max` with about `tickCount` ticks at 1, 2 or 5 times a power of ten.
 * @param pixels where the axis begins and ends; a y axis runs from the larger to the smaller
 */
export function linearAxis(
  min: number,
  max: number,
  pixels: readonly [start: number, end: number],
  tickCount = 5,
): Axis {
  const span = max > min ? max - min : Math.abs(max) || 1
  const step = roundStep(span / tickCount)
  const first = Math.floor(min / step)
  const last = Math.max(Math.ceil(max / step), first + 1)
  const ticks = Array.from({ length: last - first + 1 }, (_, i) => clean((first + i) * step))
  const [low, high] = [ticks[0]!, ticks.at(-1)!]
  const [start, end] = pixels
  return {
    min: low,
    max: high,
    ticks,
    toPixels: (value) => start + ((value - low) / (high - low)) * (end - start),
  }
}

function roundStep(rough: number): number {
  const power = 10 ** Math.floor(Math.log10(rough))
  const factor = [1, 2, 5, 10].find((candidate) => candidate * power >= rough * 0.999) ?? 10
  return factor * power
}

/** 0.30000000000000004 is 0.3. */
function clean(value: number): number {
  return Number(value.toPrecision(12))
}
