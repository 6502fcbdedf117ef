import type { CalibratedTensor } from '../src/protocol/quantization'

/** Four bins of width 1 with 6, 2, 1 and 1 values, and three points of its curve. Chosen, not measured. */
export function calibratedTensor(change: Partial<CalibratedTensor> = {}): CalibratedTensor {
  return {
    name: 'hidden',
    valueCount: 10,
    maxAbs: 4,
    histogram: { binWidth: 1, counts: [6, 2, 1, 1] },
    curve: [
      { alpha: 1, clippingError: 0.9, roundingError: 0.1 },
      { alpha: 2, clippingError: 0.3, roundingError: 0.2 },
      { alpha: 4, clippingError: 0, roundingError: 0.6 },
    ],
    alphas: { max: 4, percentile: 3, leastSquaredError: 2 },
    ...change,
  }
}
