import { InputError } from '../errors'
import { type GpuSpec, usableBytes } from '../gpus'
import { parameterCount } from '../models/layerShape'
import type { ExplainedEstimate, Phase } from './estimate'
import type { Job } from './job'
import { totalBytes } from './memoryTerms'
import { type BareWeights, headOf, resolveModel, type ResolvedModel } from './resolvedModel'
import { textbookMemory, type TextbookOptimizer } from './textbook'

const optimizers: Readonly<Record<string, TextbookOptimizer>> = {
  sgd: 'sgd',
  momentum: 'momentum',
  adam: 'adam',
  adamw: 'adamw',
  'adamw-fused': 'adamw',
  'adamw-foreach': 'adamw',
}

/** The textbook's answer as an Estimate: no activations, no runtime, an interval of no width. */
export function estimateTextbook(
  job: Job,
  model: ResolvedModel | BareWeights | null,
  gpu: GpuSpec | null,
): ExplainedEstimate {
  const count = countParameters(job, model)
  const isTraining = job.task === 'train'
  const { terms, explained } = textbookMemory({
    parameterCount: count,
    precision: textbookPrecision(job),
    optimizer: isTraining ? textbookOptimizer(job.optimizer) : 'sgd',
    task: isTraining ? 'train' : 'load',
  })
  if (isTraining && job.method.type !== 'full') {
    throw new InputError({
      code: 'UNSUPPORTED',
      path: 'method.type',
      message: `the textbook trains all parameters; use the pytorch runtime for ${job.method.type}`,
    })
  }
  const bytes = totalBytes(terms)
  const phase: Phase = isTraining ? 'optimizer' : 'load'
  const usable = gpu ? usableBytes(gpu) : null
  const shown = gpu && usable ? { id: gpu.id, usableBytes: usable.usableBytes } : null
  return {
    estimate: {
      schema: 'headroom/estimate/1',
      id: job.id,
      parameterCount: count,
      trainableParameterCount: isTraining ? count : 0,
      tensorsPeakBytes: bytes,
      tensorsIntervalBytes: [bytes, bytes],
      reservedPeakBytes: bytes,
      totalPeakBytes: bytes,
      intervalBytes: [bytes, bytes],
      peakPhase: phase,
      terms,
      phases: [{ phase, peakBytes: bytes, terms }],
      fileBytes: model?.fileBytes ?? null,
      gpu: shown,
      verdict: shown ? (bytes <= shown.usableBytes ? 'fits' : 'doesNotFit') : null,
      maxBatchSize: null,
      maxSequenceLength: null,
      reliefs: null,
      time: null,
      otherCalculators: null,
      assumptions: [
        'the textbook counts weights, gradients and optimizer states only: a floor, not an estimate',
        ...(usable?.assumption ? [usable.assumption] : []),
      ],
    },
    explained,
    timeline: [{ phase, label: 'textbook', terms }],
    largestTensors: explained.map(({ symbol, bytes: each }) => ({ label: symbol, bytes: each })),
  }
}

function countParameters(job: Job, model: ResolvedModel | BareWeights | null): number {
  if (job.model.parameterCount !== undefined) return job.model.parameterCount
  const found = model ?? resolveModel(job)
  if (found.architecture === null) return found.elementCount
  return parameterCount(found.architecture, headOf(job, found.architecture))
}

function textbookPrecision({ precision }: Job): 'fp32' | 'fp16' | 'bf16' | 'int8' {
  if (precision === 'amp-fp16' || precision === 'amp-bf16') {
    throw new InputError({
      code: 'UNSUPPORTED',
      path: 'precision',
      message: `the textbook keeps everything in one precision; ${precision} has two, give fp32, fp16, bf16 or int8`,
    })
  }
  return precision
}

function textbookOptimizer(optimizer: string): TextbookOptimizer {
  const found = Object.hasOwn(optimizers, optimizer) ? optimizers[optimizer] : undefined
  if (found) return found
  throw new InputError({
    code: 'UNSUPPORTED',
    path: 'optimizer',
    message: `the textbook knows sgd, momentum, adam and adamw; use the pytorch runtime for ${optimizer}`,
  })
}
