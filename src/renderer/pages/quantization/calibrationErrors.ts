import type { CalibratedTensor } from '../../../protocol/quantization'

/** What a clipping threshold costs: mean squared errors, which add up. */
export interface CalibrationErrors {
  readonly clippingError: number
  readonly roundingError: number
}

/** Signed 8 bit, symmetric: 127 steps on each side of 0. */
export const largestInt8 = 127

/** The errors at any alpha, between the points of the curve by straight lines; outside, those of its end. */
export function errorsAt({ curve }: CalibratedTensor, alpha: number): CalibrationErrors | null {
  const last = curve.at(-1)
  const next = curve.findIndex((point) => point.alpha >= alpha)
  const above = curve[next]
  if (!above) return last ?? null
  const below = curve[next - 1]
  if (!below || above.alpha === below.alpha) return above
  const share = (alpha - below.alpha) / (above.alpha - below.alpha)
  const between = (a: number, b: number) => a + share * (b - a)
  return {
    clippingError: between(below.clippingError, above.clippingError),
    roundingError: between(below.roundingError, above.roundingError),
  }
}

/** The point of the curve where clipping and rounding together cost least; null without a curve. */
export function leastErrorPoint({ curve }: CalibratedTensor) {
  const total = (point: CalibrationErrors) => point.clippingError + point.roundingError
  return curve.reduce<CalibratedTensor['curve'][number] | null>(
    (best, point) => (best === null || total(point) < total(best) ? point : best),
    null,
  )
}

/** Fraction of the values, 0 to 1, that `alpha` clips; a bin that it divides is counted in parts. */
export function clippedFraction(
  { histogram: { binWidth, counts }, valueCount }: CalibratedTensor,
  alpha: number,
): number {
  if (valueCount === 0) return 0
  const clipped = counts.reduce((sum, count, bin) => {
    const share = ((bin + 1) * binWidth - alpha) / binWidth
    return sum + count * Math.min(1, Math.max(0, share))
  }, 0)
  return clipped / valueCount
}
