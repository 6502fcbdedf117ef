import type { CalibrationMethod } from '../../../protocol/quantization'

/** In the order of their thresholds, as a rule; from the type alone, since the schemas stay in the host. */
export const methods = [
  'max',
  'percentile',
  'leastSquaredError',
] as const satisfies readonly CalibrationMethod[]
