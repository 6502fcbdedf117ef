import type { GpuSpec } from '../gpus'
import type { TimeEstimate } from './estimate'
import type { Job } from './job'
import type { PhaseWork } from './phaseWork'

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

/** What a GPU does at best, as a probe measured it: no share of it is out of reach. */
export interface MeasuredRates {
  readonly flopsPerSecond: number
  readonly bytesPerSecond: number
  /** `probe of 25 November, NVIDIA T4`. */
  readonly source: string
}

/**
 * Whether a job's time can be told: what is on the host crosses the bus and is updated by the CPU,
 * of which no datasheet tells.
 */
export function isTimed(job: Job): boolean {
  return job.offload === 'none' && (job.task === 'infer' || job.checkpointing !== 'offload')
}

/**
 * Time of one step, or of one whole answer, by roofline: each phase takes the longer of computing
 * (`flops / rate`) and moving (`bytes / bandwidth`), and the step is their sum. null where the GPU's
 * rates are not known.
 */
export function stepTime(
  job: Job,
  works: readonly PhaseWork[],
  gpu: GpuSpec,
  measured: MeasuredRates | null = null,
): TimeEstimate | null {
  const rates = measured ? attained(measured) : datasheetRates(job, gpu)
  if (rates === null) return null
  const phases = works.map((work) => {
    const computeMs = (1000 * work.flops) / rates.flopsPerSecond
    const moveMs = (1000 * work.bytes) / rates.bytesPerSecond
    const boundBy = computeMs > moveMs ? ('compute' as const) : ('memory' as const)
    return { ...work, boundBy, ms: Math.max(computeMs, moveMs) }
  })
  const sum = (of: (phase: (typeof phases)[number]) => number): number =>
    phases.reduce((total, phase) => total + of(phase), 0)
  const stepMs = sum(({ ms }) => ms)
  const fastestMs = sum(
    ({ flops, bytes }) =>
      1000 * Math.max(flops / rates.peakFlopsPerSecond, bytes / rates.peakBytesPerSecond),
  )
  const tokens =
    job.task === 'train'
      ? job.batchSize * job.sequenceLength * job.gradientAccumulationSteps
      : job.batchSize * (job.generatedLength > 0 ? job.generatedLength : job.promptLength)
  return {
    stepMs,
    intervalMs: [fastestMs, stepMs * slowestFactor],
    tokensPerSecond: (1000 * tokens) / stepMs,
    fractionOfPeak: (1000 * sum(({ flops }) => flops)) / stepMs / rates.peakFlopsPerSecond,
    phases,
    rates,
  }
}

function attained({
  flopsPerSecond,
  bytesPerSecond,
  source,
}: MeasuredRates): TimeEstimate['rates'] {
  return {
    flopsPerSecond,
    bytesPerSecond,
    peakFlopsPerSecond: flopsPerSecond,
    peakBytesPerSecond: bytesPerSecond,
    source,
  }
}

function datasheetRates(job: Job, gpu: GpuSpec): TimeEstimate['rates'] | null {
  const flops = rateOf(job, gpu)
  const bytes = gpu.bandwidthBytesPerSecond?.value ?? null
  if (flops === null || bytes === null) return null
  return {
    flopsPerSecond: flops * attainableFlopsShare,
    bytesPerSecond: bytes * attainableBandwidthShare,
    peakFlopsPerSecond: flops,
    peakBytesPerSecond: bytes,
    source: `datasheet of ${gpu.name}, ${attainableFlopsShare} of its rate and ${attainableBandwidthShare} of its bandwidth`,
  }
}

/** The rate of the type that products are computed in. */
function rateOf(job: Job, gpu: GpuSpec): number | null {
  const rates = gpu.denseFlopsPerSecond
  if (!rates) return null
  const names: Readonly<Record<Job['precision'], readonly RateName[]>> = {
    // PyTorch computes fp32 products in fp32 unless TF32 is asked for; ONNX Runtime's CUDA provider
    // in TF32 unless it is turned off (use_tf32).
    fp32: job.runtime === 'onnxruntime' ? ['tf32', 'fp32'] : ['fp32'],
    fp16: ['fp16', 'fp32'],
    bf16: ['bf16', 'fp32'],
    'amp-fp16': ['fp16', 'fp32'],
    'amp-bf16': ['bf16', 'fp32'],
    int8: ['int8'],
  }
  return names[job.precision].map((name) => rates[name]).find((rate) => rate !== null) ?? null
}
