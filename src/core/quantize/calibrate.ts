import { InputError } from '../errors'
import { quantileSorted, sortedCopy } from '../statistics/quantile'
import { absoluteHistogram, type Histogram } from './histogram'
import { createErrorMeter, type QuantizationError } from './quantizationError'

/** How alpha, the clipping threshold of an activation, is chosen. */
export type CalibrationMethodName = 'max' | 'percentile' | 'leastSquaredError'

/** One activation as the calibration images leave it. Has the shape of the protocol's CalibratedTensor. */
export interface Calibration {
  name: string
  valueCount: number
  maxAbs: number
  histogram: Histogram
  curve: ({ alpha: number } & QuantizationError)[]
  alphas: Record<CalibrationMethodName, number>
}

const histogramBins = 128

/** Alphas tried, evenly up to the largest value: half a percent apart is finer than accuracy can tell. */
const curvePoints = 200

/** Share of |values| within alpha: the 99.9 % of NVIDIA's TensorRT calibrators and of Wu et al. 2020. */
const percentile = 0.999

/**
 * Chooses alpha by each method from all values that the calibration images gave this activation:
 * - `max`: the largest |value|; nothing is clipped, one outlier makes all steps coarse;
 * - `percentile`: 99.9 % of |values| are within it;
 * - `leastSquaredError`: of 200 alphas evenly up to the largest |value|, that with the least sum of
 *   clipping and rounding error: the lowest point of `curve`.
 * A tensor of zeros gets alpha 1: any range holds it.
 * Throws InputError where there are no values or one is not finite.
 */
export function calibrateTensor(name: string, values: ArrayLike<number>): Calibration {
  const magnitudes = sortedCopy(Float64Array.from(values, Math.abs))
  const maxAbs = magnitudes.at(-1)
  // NaN is sorted last, after infinity.
  if (maxAbs === undefined || !Number.isFinite(maxAbs)) {
    throw new InputError({
      code: 'INVALID_VALUE',
      path: name,
      message: `cannot be calibrated with ${maxAbs === undefined ? 'no values' : `a value of ${maxAbs}`}; use weights whose activations are finite`,
    })
  }
  const top = maxAbs === 0 ? 1 : maxAbs
  const errorAt = createErrorMeter(magnitudes)
  const curve = Array.from({ length: curvePoints }, (_, point) => {
    const alpha = (top * (point + 1)) / curvePoints
    return { alpha, ...errorAt(alpha) }
  })
  const least = curve.reduce((best, each) => (totalError(each) < totalError(best) ? each : best))
  // A tensor of nearly only zeros has its percentile at 0, which is no range.
  const percentileAlpha = quantileSorted(magnitudes, percentile) || top
  return {
    name,
    valueCount: magnitudes.length,
    maxAbs,
    histogram: absoluteHistogram(magnitudes, histogramBins),
    curve,
    alphas: {
      max: top,
      percentile: percentileAlpha,
      leastSquaredError: maxAbs === 0 ? top : least.alpha,
    },
  }
}

/** Mean squared error of quantizing. */
export function totalError({ clippingError, roundingError }: QuantizationError): number {
  return clippingError + roundingError
}
