import type { GpuSpec } from '../gpus'
import type { Architecture } from '../models/architecture'
import type { Estimate, TimeEstimate } from './estimate'
import type { InferJob, Job, TrainJob } from './job'
import { headOf } from './resolvedModel'
import { decodeFlops, prefillFlops, trainingFlops } from './stepFlops'

/**
 * Share of the datasheet's rate that matrix products reach: the median of the best that
 * stas00/ml-engineering measured on twelve accelerators (51 to 97 %).
 */
const attainableFlopsShare = 0.78
/** Share of the datasheet's bandwidth that kernels reach; by judgement, no measurement was at hand. */
const attainableBandwidthShare = 0.88
/**
 * The interval: the datasheet's rates are the fastest possible; by judgement, launching kernels one by
 * one and a batch too small to fill the GPU cost at most three times the roofline.
 */
const slowestFactor = 3

type RateName = 'fp32' | 'tf32' | 'fp16' | 'bf16' | 'fp8' | 'int8'

/** Time of one step, or of one whole answer, by roofline; null where the GPU's rates are not known. */
export function stepTime(
  job: Job,
  a: Architecture,
  estimate: Estimate,
  gpu: GpuSpec,
): TimeEstimate | null {
  const rate = rateOf(job, gpu)
  const bandwidth = gpu.bandwidthBytesPerSecond?.value ?? null
  if (rate === null || bandwidth === null) return null
  const phases =
    job.task === 'train' ? trainPhases(job, a, estimate) : inferPhases(job, a, estimate)
  let seconds = 0
  let fastest = 0
  let flops = 0
  for (const phase of phases) {
    seconds += Math.max(
      phase.flops / (rate * attainableFlopsShare),
      phase.bytes / (bandwidth * attainableBandwidthShare),
    )
    fastest += Math.max(phase.flops / rate, phase.bytes / bandwidth)
    flops += phase.flops
  }
  const tokens =
    job.task === 'train'
      ? job.batchSize * job.sequenceLength * job.gradientAccumulationSteps
      : job.batchSize * Math.max(1, job.generatedLength)
  return {
    stepMs: seconds * 1000,
    intervalMs: [fastest * 1000, seconds * 1000 * slowestFactor],
    tokensPerSecond: tokens / seconds,
    fractionOfPeak: flops / seconds / rate,
  }
}

interface Work {
  readonly flops: number
  readonly bytes: number
}

/** Forward and backward read weights and move activations twice; the optimizer reads and writes all it keeps. */
function trainPhases(job: TrainJob, a: Architecture, { terms }: Estimate): readonly Work[] {
  const passes = job.gradientAccumulationSteps
  const moved = 2 * terms.weightsBytes + 4 * (terms.activationsBytes + terms.temporaryBytes)
  return [
    { flops: trainingFlops(job, a, headOf(job, a)), bytes: passes * moved },
    {
      flops: 0,
      bytes: 2 * (terms.gradientsBytes + terms.optimizerStatesBytes) + 2 * terms.gradientsBytes,
    },
  ]
}

function inferPhases(job: InferJob, a: Architecture, { terms }: Estimate): readonly Work[] {
  const head = headOf(job, a)
  const prefill = {
    flops: prefillFlops(job, a, head),
    bytes: terms.weightsBytes + 2 * terms.activationsBytes,
  }
  if (job.generatedLength === 0) return [prefill]
  const total = job.promptLength + job.generatedLength
  const meanLength = job.promptLength + job.generatedLength / 2
  const decode = {
    flops: job.generatedLength * decodeFlops(job, a, head, meanLength),
    bytes: job.generatedLength * (terms.weightsBytes + (terms.kvCacheBytes * meanLength) / total),
  }
  return [prefill, decode]
}

/** The rate of the type that products are computed in. */
function rateOf(job: Job, gpu: GpuSpec): number | null {
  const rates = gpu.denseFlopsPerSecond
  if (!rates) return null
  const names: Readonly<Record<Job['precision'], readonly RateName[]>> = {
    // PyTorch computes fp32 products in fp32 unless TF32 is asked for.
    fp32: ['fp32'],
    fp16: ['fp16', 'fp32'],
    bf16: ['bf16', 'fp32'],
    'amp-fp16': ['fp16', 'fp32'],
    'amp-bf16': ['bf16', 'fp32'],
    int8: ['int8'],
  }
  return names[job.precision].map((name) => rates[name]).find((rate) => rate !== null) ?? null
}
