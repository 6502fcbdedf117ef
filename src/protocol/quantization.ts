import * as z from 'zod'

export const calibrationMethods = ['max', 'percentile', 'leastSquaredError'] as const
export const CalibrationMethod = z.enum(calibrationMethods)
export type CalibrationMethod = z.infer<typeof CalibrationMethod>

/** One calibrated activation: how its values lie, and what each clipping threshold alpha costs. */
export const CalibratedTensor = z.object({
  name: z.string(),
  valueCount: z.int(),
  maxAbs: z.number(),
  /** Of |value|: equal bins from 0 to `maxAbs`. */
  histogram: z.object({ binWidth: z.number(), counts: z.array(z.int()) }),
  /** Mean squared error at each alpha: what clipping and what rounding adds; they sum to the whole. */
  curve: z.array(
    z.object({ alpha: z.number(), clippingError: z.number(), roundingError: z.number() }),
  ),
  /** The threshold that each calibration method chooses. */
  alphas: z.record(CalibrationMethod, z.number()),
})
export type CalibratedTensor = z.infer<typeof CalibratedTensor>

export const QuantizationAccuracy = z.object({
  int8Mode: z.enum(['int8-gemm', 'int8-weights']),
  testCount: z.int(),
  top1: z.number(),
  top1Fp32: z.number(),
  agreementWithFp32: z.number(),
  cosineSimilarity: z.number(),
  /** null where nothing differs from fp32. */
  sqnrDb: z.number().nullable(),
})
export type QuantizationAccuracy = z.infer<typeof QuantizationAccuracy>

export const QuantizedNetwork = z.object({
  preset: z.string(),
  dataset: z.string(),
  tensors: z.array(CalibratedTensor),
  /** Test accuracy with every tensor calibrated by one method. */
  accuracyByMethod: z.record(CalibrationMethod, QuantizationAccuracy),
})
export type QuantizedNetwork = z.infer<typeof QuantizedNetwork>
