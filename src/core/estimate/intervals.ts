import type { Architecture } from '../models/architecture'
import type { Interval } from './estimate'
import type { Fragmentation } from './fragmentation'
import type { Job } from './job'
import { ncclBuffers, type OverheadConstant } from './runtimeOverhead'

/** Bounds of true ÷ predicted that hold for 90 % of the scored configurations of a kind. */
export interface ResidualBand {
  readonly low: number
  readonly high: number
  readonly source: string
}

/**
 * 5th and 95th percentile of recorded ÷ predicted, rounded outwards; test/reference/intervals.test.ts
 * holds them against the data, one family left out at a time.
 */
export const residualBands = {
  training: {
    low: 0.9997,
    high: 1.0015,
    source: 'residuals of 202 recorded steps without checkpointing',
  },
  checkpointed: {
    low: 0.9992,
    high: 1.0025,
    source: 'residuals of 92 recorded steps with checkpointing',
  },
  latent: {
    low: 0.998,
    high: 1.018,
    source: 'residuals of 8 recorded steps with latent attention',
  },
  quantizedTraining: {
    low: 0.8,
    high: 1.03,
    source: 'residuals of 16 published QLoRA runs of litgpt and torchtune',
  },
  inference: {
    low: 0.998,
    high: 1.038,
    source: 'residuals of 36 published generations of Qwen2 and Qwen2.5 in bf16',
  },
  quantizedInference: {
    low: 0.875,
    high: 1.19,
    source: 'residuals of 60 published generations of Qwen2.5 and AutoAWQ in 4 and 8 bits',
  },
  onnxRuntime: {
    low: 0.95,
    high: 1.05,
    source: 'held to 5 % of what ONNX Runtime’s own profile counts (onnxGraphMemory.test.ts)',
  },
  severalGpus: {
    low: 0.94,
    high: 1.06,
    source: 'no recorded step of several GPUs or with offloading: ±6 % by judgement',
  },
  unknownModel: {
    low: 0.72,
    high: 1.03,
    source: 'residuals of all recorded steps with their model_type hidden',
  },
} as const satisfies Readonly<Record<string, ResidualBand>>

/** The band that applies to a job. */
export function tensorsBand(job: Job, a: Architecture): ResidualBand {
  if (a.assumptions.some((line) => line.includes('is not known'))) return residualBands.unknownModel
  if (job.gpuCount > 1 || job.offload !== 'none') return residualBands.severalGpus
  const isQuantized = job.quantization !== null
  if (job.task === 'infer') {
    return isQuantized ? residualBands.quantizedInference : residualBands.inference
  }
  if (isQuantized) return residualBands.quantizedTraining
  if (a.attention.latent) return residualBands.latent
  return job.checkpointing === 'none' ? residualBands.training : residualBands.checkpointed
}

export interface ProcessParts {
  readonly totalBytes: number
  readonly tensorsBytes: number
  readonly tensorsInterval: Interval
  /** What comes and goes in a step, of which the allocator wastes a share. */
  readonly changingBytes: number
  readonly fragmentation: Fragmentation
  readonly context: OverheadConstant
  readonly isDistributed: boolean
}

/**
 * 90 % interval of the whole process. Tensors, fragmentation and context err independently of each
 * other, so their deviations add up as squares do.
 */
export function processInterval(parts: ProcessParts): Interval {
  const { totalBytes, tensorsBytes, tensorsInterval, changingBytes, fragmentation, context } = parts
  const [low, high] = tensorsInterval
  const constants = parts.isDistributed ? [context, ncclBuffers] : [context]
  const below = [
    tensorsBytes - low,
    (fragmentation.share - fragmentation.low) * changingBytes,
    ...constants.map(({ bytes, low: least }) => bytes - least),
  ]
  const above = [
    high - tensorsBytes,
    (fragmentation.high - fragmentation.share) * changingBytes,
    ...constants.map(({ bytes, high: most }) => most - bytes),
  ]
  return [totalBytes - Math.hypot(...below), totalBytes + Math.hypot(...above)]
}
