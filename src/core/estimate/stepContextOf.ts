import type { Architecture, ModelHead } from '../models/architecture'
import type { InferJob, Job, TrainJob } from './job'
import { adapterTargets, namesModule } from './linearNames'
import { precisionWidths } from './precisionWidths'
import type { AdapterSettings, StepContext } from './forward/stepContext'
import { shares } from './sharding'
import { Tape } from './tape/tape'

const fp32 = 4
const never = (): boolean => false

/** Whether PEFT's preparation for k-bit training applies: everything that is not quantized becomes fp32. */
export function preparesForKBit(job: TrainJob): boolean {
  return job.method.type !== 'full' && isBitsAndBytes(job)
}

function isBitsAndBytes(job: TrainJob): boolean {
  const scheme = job.quantization?.scheme
  return scheme === 'nf4' || scheme === 'fp4' || scheme === 'bnb-int8'
}

function quantizedKind(job: TrainJob | InferJob): StepContext['quantized'] {
  if (!job.quantization) return null
  return job.quantization.scheme === 'bnb-int8' ? 'int8' : 'dequantize'
}

/** Adapter settings of a job's method; null for full training. */
export function adapterOf(job: TrainJob, a: Architecture, head: ModelHead): AdapterSettings | null {
  const { method } = job
  if (method.type === 'full') return null
  const { weight } = precisionWidths(job.precision)
  return {
    rank: method.rank,
    width: method.adapterPrecision === 'fp32' ? fp32 : weight,
    dropout: method.dropout,
    targets: adapterTargets(a, head, method.targets),
  }
}

/** The modules that a job trains in full beside its adapters. */
export function trainedModules(job: TrainJob): (name: string) => boolean {
  const { method } = job
  if (method.type === 'full' || method.modulesToSave.length === 0) return never
  return (name) => method.modulesToSave.some((pattern) => namesModule(pattern, name))
}

/**
 * What the forward pass of one training micro-batch depends on. Moments are told apart by what is live
 * then, with `gradientShare` of each gradient.
 */
export function trainingContext(
  job: TrainJob,
  a: Architecture,
  head: ModelHead,
  gradientShare = shares(job, a, head).gradients,
): StepContext {
  const { weight, autocast } = precisionWidths(job.precision)
  const skip = job.quantization?.skip ?? []
  return {
    tape: new Tape({
      gradients: job.optimizerInBackward
        ? 'use'
        : job.gradientAccumulationSteps > 1
          ? 'add'
          : 'keep',
      autocastWidth: autocast,
      gradientShare,
    }),
    architecture: a,
    head,
    batchSize: job.batchSize,
    sequenceLength: job.targetLength ?? job.sequenceLength,
    encoderLength: job.sequenceLength,
    attention: attentionOf(job, a),
    width: weight,
    unquantizedWidth: preparesForKBit(job) ? fp32 : weight,
    baseTrainable: job.method.type === 'full',
    quantized: quantizedKind(job),
    quantizedNames: (name) => !skip.some((each) => namesModule(each, name)),
    adapter: adapterOf(job, a, head),
    trainsModule: trainedModules(job),
    trainedLogits: job.logits ?? 'all',
    chunkedLoss: job.loss === 'chunked',
  }
}

/** Attention as it really runs: what has no fused kernel in the reference runs eagerly. */
export function attentionOf(job: Job, a: Architecture): Job['attention'] {
  return a.attention.alwaysEager || a.attention.logitSoftcapping ? 'eager' : job.attention
}

/** What one forward pass without gradients depends on: `length` new tokens for each sequence. */
export function inferenceContext(
  job: InferJob,
  a: Architecture,
  head: ModelHead,
  length: number,
): StepContext {
  const { weight, autocast } = precisionWidths(job.precision)
  const skip = job.quantization?.skip ?? []
  const tape = new Tape({ gradients: 'keep', autocastWidth: autocast })
  tape.mode = 'inference'
  return {
    tape,
    architecture: a,
    head,
    batchSize: job.batchSize,
    sequenceLength: length,
    encoderLength: job.promptLength,
    attention: attentionOf(job, a),
    width: weight,
    unquantizedWidth: weight,
    baseTrainable: false,
    quantized: quantizedKind(job),
    quantizedNames: (name) => !skip.some((each) => namesModule(each, name)),
    adapter: null,
    trainsModule: never,
    trainedLogits: job.logits ?? 'last',
    chunkedLoss: false,
  }
}
