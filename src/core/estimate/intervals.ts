import type { Architecture } from '../models/architecture'
import type { Interval } from './estimate'
import type { Job } from './job'
import { cudaContext, ncclBuffers } from './runtimeOverhead'

/** Bounds of true ÷ predicted that hold for 90 % of the scored configurations of a kind. */
export interface ResidualBand {
  readonly low: number
  readonly high: number
  readonly source: string
}

/**
 * Live tensors of a training step: the widest residuals of the recorded ones (test/data/oracle: 0.9 %
 * without, 1.2 % with checkpointing, but for bloom's 2 %), rounded up; test/reference holds that they
 * cover the record and what was held out.
 */
const training: ResidualBand = {
  low: 0.99,
  high: 1.01,
  source: 'residuals of 84 recorded steps without checkpointing',
}
const checkpointed: ResidualBand = {
  low: 0.99,
  high: 1.015,
  source: 'residuals of 48 recorded steps with checkpointing',
}

/**
 * What no recorded step covers: operators that the record has none of (experts, latent attention,
 * quantized matrices, inference), or a model_type that is not known. Set by judgement, not measured.
 */
const unrecorded: ResidualBand = {
  low: 0.94,
  high: 1.06,
  source: 'no recorded step of this kind: ±6 % by judgement',
}
const unknownModel: ResidualBand = {
  low: 0.88,
  high: 1.12,
  source: 'unknown model_type: ±12 % by judgement',
}

/** The band that applies to a job. */
export function tensorsBand(job: Job, a: Architecture): ResidualBand {
  if (a.assumptions.some((line) => line.includes('is not known'))) return unknownModel
  const isRecorded =
    job.task === 'train' &&
    job.quantization === null &&
    a.experts === null &&
    a.attention.latent === null &&
    job.gpuCount === 1 &&
    job.offload === 'none'
  if (!isRecorded) return unrecorded
  return job.checkpointing === 'none' ? training : checkpointed
}

/** Fragmentation share of what changes in a step: none at best, a third at worst (fitcheck, T4: 6 to 32 %). */
const fragmentationLow = 0
const fragmentationHigh = 0.3

/** 90 % interval of the whole process. */
export function processInterval(
  tensorsInterval: Interval,
  changingBytes: number,
  isDistributed: boolean,
): Interval {
  const low = cudaContext.low + (isDistributed ? ncclBuffers.low : 0)
  const high = cudaContext.high + (isDistributed ? ncclBuffers.high : 0)
  return [
    tensorsInterval[0] + fragmentationLow * changingBytes + low,
    tensorsInterval[1] + fragmentationHigh * changingBytes + high,
  ]
}
