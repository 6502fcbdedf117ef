import { InputError } from '../errors'
import { builtInGpus } from '../builtInGpus'
import { findGpu, type GpuSpec, usableBytes } from '../gpus'
import type { Architecture, ModelHead } from '../models/architecture'
import type { Estimate, EstimateGpu, ExplainedEstimate, Interval, PhaseMemory } from './estimate'
import { effectiveJob } from './effectiveJob'
import { explainTerms } from './explainTerms'
import { fragmentationOf } from './fragmentation'
import { verdictOf } from './gpuFit'
import { inferMemory } from './inferMemory'
import { processInterval, tensorsBand } from './intervals'
import type { InferJob, Job, TrainJob } from './job'
import { largestBatchSize, longestSequence } from './largestFit'
import { solveEngine } from './engineSolve'
import { estimateOnnxRuntime } from './onnxRuntimeEstimate'
import { otherCalculators } from './otherCalculators'
import { reliefSearch } from './reliefs'
import { inferWork, type PhaseWork, trainWork } from './phaseWork'
import { type MeasuredRates, stepTime } from './stepTime'
import { memoryTerms, totalBytes } from './memoryTerms'
import { type BareWeights, headOf, resolveModel, type ResolvedModel } from './resolvedModel'
import { contextOf, cudaContext, ncclBuffers, reservedBytes } from './runtimeOverhead'
import { highest, highestByPhase, type Moment, shardedMoments } from './shardedMoments'
import { shares } from './sharding'
import { estimateTextbook } from './textbookEstimate'
import { type TrainMemory, trainMemory } from './trainMemory'
import { estimateBareWeights } from './weightsEstimate'

/** What a host may know better than the table of GPUs and the job itself. */
export interface EstimateContext {
  /** The model where the job names a file; the host has read it. */
  readonly model?: ResolvedModel | BareWeights
  readonly gpus?: readonly GpuSpec[]
  /** Context and kernels of a process as a probe of this machine measured them, bytes. */
  readonly contextBytes?: number
  /** How that was measured, in words. */
  readonly contextSource?: string
  /** What the GPU of the job reaches in the job's precision, as a probe measured it. */
  readonly rates?: MeasuredRates
}

interface Counted {
  /** What each phase computes and moves; asked for where a GPU is known. */
  readonly work: () => readonly PhaseWork[]
  readonly moments: readonly Moment[]
  readonly parameterCount: number
  readonly trainableParameterCount: number
}

/**
 * What a job needs of one GPU (the fullest), term by term and phase by phase; bytes.
 * Throws InputError for a model, a GPU or a combination that cannot be estimated.
 */
export function estimateMemory(job: Job, context: EstimateContext = {}): Estimate {
  return evaluate(job, context).estimate
}

/** As `estimateMemory`, with the arithmetic, the course of the step and its largest tensors. */
export function explainEstimate(job: Job, context: EstimateContext = {}): ExplainedEstimate {
  return evaluate(job, context).explain()
}

interface Evaluated {
  readonly estimate: Estimate
  /** Explaining takes as long as estimating, and a matrix of estimates needs none of it. */
  readonly explain: () => ExplainedEstimate
}

function evaluate(given: Job, context: EstimateContext): Evaluated {
  const gpu = given.gpu === null ? null : requireGpu(given.gpu, context.gpus ?? builtInGpus)
  if (given.runtime === 'textbook') {
    const explained = estimateTextbook(given, context.model ?? null, gpu)
    return { estimate: explained.estimate, explain: () => explained }
  }
  const model = context.model ?? resolveModel(given)
  if (model.architecture === null) {
    const explained = estimateBareWeights(given, model, gpu)
    return { estimate: explained.estimate, explain: () => explained }
  }
  if (given.runtime === 'onnxruntime') {
    const explained = estimateOnnxRuntime(given, model.architecture, gpu, context)
    const estimate = given.solve
      ? withEngineSolved(given, model.architecture, explained.estimate, context)
      : explained.estimate
    return { estimate, explain: () => ({ ...explained, estimate }) }
  }
  const a = model.architecture
  const { job, assumptions } = effectiveJob(given, a)
  const counted = job.task === 'train' ? countTraining(job, a) : countInference(job, a)
  const top = highest(counted.moments)
  const changing = changingBytes(top)
  const isDistributed = job.gpuCount > 1
  const fragmentation = fragmentationOf(job)
  // Where the allocator holds most need not be where most is live, and only the most of all moments
  // never falls when a job grows.
  const reservedPeakBytes = Math.max(
    ...counted.moments.map((moment) =>
      reservedBytes(moment.tensorsBytes, fragmentation.share * changingBytes(moment)),
    ),
  )
  const cuda = contextOf(context.contextBytes, context.contextSource)
  const contextBytes = cuda.bytes + (isDistributed ? ncclBuffers.bytes : 0)
  const overheadBytes = reservedPeakBytes - top.tensorsBytes + contextBytes
  const band = tensorsBand(job, a)
  const tensorsInterval: Interval = [top.tensorsBytes * band.low, top.tensorsBytes * band.high]
  const terms = memoryTerms({ ...top.terms, runtimeOverheadBytes: overheadBytes })
  const totalPeakBytes = totalBytes(terms)
  const intervalBytes = processInterval({
    totalBytes: totalPeakBytes,
    tensorsBytes: top.tensorsBytes,
    tensorsInterval,
    changingBytes: changing,
    fragmentation,
    context: cuda,
    isDistributed,
  })
  const usable = gpu ? usableBytes(gpu) : null
  const estimateGpu: EstimateGpu | null =
    gpu && usable ? { id: gpu.id, usableBytes: usable.usableBytes } : null
  const estimate: Estimate = {
    schema: 'headroom/estimate/1',
    id: job.id,
    parameterCount: counted.parameterCount,
    trainableParameterCount: counted.trainableParameterCount,
    tensorsPeakBytes: top.tensorsBytes,
    tensorsIntervalBytes: tensorsInterval,
    reservedPeakBytes,
    totalPeakBytes,
    intervalBytes,
    peakPhase: top.phase,
    terms,
    phases: highestByPhase(counted.moments).map(toPhase),
    fileBytes: model.fileBytes,
    gpu: estimateGpu,
    verdict: estimateGpu ? verdictOf(intervalBytes, estimateGpu.usableBytes) : null,
    ...unsolved,
    assumptions: [
      ...a.assumptions,
      ...assumptions,
      `interval of the tensors: ${band.source}`,
      ...assumptionsOf(job, a),
      ...(cuda === cudaContext ? [] : [`CUDA context: ${cuda.source}`]),
      ...(gpu ? gpuAssumptions(job, gpu) : []),
      ...(usable?.assumption ? [usable.assumption] : []),
    ],
  }
  const time = gpu && isTimed(job) ? stepTime(job, counted.work(), gpu, context.rates) : null
  const complete: Estimate = {
    ...estimate,
    time,
    ...(job.solve ? solve(job, a, estimate, context) : {}),
  }
  const explain = () => ({
    estimate: complete,
    explained: explainTerms(job, a, terms, contextBytes, fragmentation),
    timeline: counted.moments.map(({ phase, label, terms: each }) => ({
      phase,
      label,
      terms: each,
    })),
    largestTensors: top.tensors(),
  })
  return { estimate: complete, explain }
}

/** What comes and goes in a step, as far as it is live at this moment. */
function changingBytes({ terms }: Moment): number {
  return terms.activationsBytes + terms.temporaryBytes + terms.gradientsBytes
}

const unsolved = {
  maxBatchSize: null,
  maxSequenceLength: null,
  reliefs: null,
  time: null,
  otherCalculators: null,
} as const

function withEngineSolved(
  job: Job,
  a: Architecture,
  estimate: Estimate,
  context: EstimateContext,
): Estimate {
  const ask = (changed: Job): Estimate => evaluate({ ...changed, solve: false }, context).estimate
  const { assumptions, ...solved } = solveEngine(job, a, estimate, ask)
  return { ...estimate, ...solved, assumptions: [...estimate.assumptions, ...assumptions] }
}

/** The other way round: what would fit, what would help, and what others say. */
function solve(
  job: Job,
  a: Architecture,
  estimate: Estimate,
  context: EstimateContext,
): Pick<Estimate, 'maxBatchSize' | 'maxSequenceLength' | 'reliefs' | 'otherCalculators'> {
  const ask = (changed: Job): Estimate => evaluate({ ...changed, solve: false }, context).estimate
  const fits = (changed: Job): boolean => ask(changed).verdict === 'fits'
  const isJudged = estimate.gpu !== null
  return {
    maxBatchSize: isJudged ? largestBatchSize(job, fits) : null,
    maxSequenceLength: isJudged ? longestSequence(job, fits) : null,
    reliefs: estimate.gpu ? reliefSearch(job, a, estimate, ask)(estimate.gpu.usableBytes) : null,
    otherCalculators: otherCalculators(job, a),
  }
}

/** The row with this id. Throws InputError that lists those of a similar name. */
export function requireGpu(id: string, gpus: readonly GpuSpec[]): GpuSpec {
  const found = findGpu(gpus, id)
  if (found) return found
  const [family = ''] = id.split('-')
  const near = gpus.filter((gpu) => family !== '' && gpu.id.includes(family)).slice(0, 6)
  const shown = (near.length > 0 ? near : gpus.slice(0, 8)).map((gpu) => gpu.id)
  throw new InputError({
    code: 'NOT_FOUND',
    path: 'gpu',
    message: `"${id.slice(0, 60)}" is not a known GPU; there are ${shown.join(', ')} and more`,
  })
}

function countTraining(job: TrainJob, a: Architecture): Counted {
  const head = headOf(job, a)
  const isPipeline = job.sharding === 'pipeline' && job.gpuCount > 1
  const staged = isPipeline ? stageOf(a, job.gpuCount) : a
  const memory = trainMemory(job, staged, head)
  const wholeMemory = isPipeline ? trainMemory(job, a, head) : memory
  const whole = wholeMemory.held
  return {
    // Stages take turns with one micro-batch: together they do the whole model's work.
    work: () => trainWork(job, a, head, wholeMemory),
    moments: momentsOfShare(job, staged, head, memory),
    parameterCount:
      whole.base.parameterCount + (job.method.type === 'full' ? 0 : whole.trainableParameterCount),
    trainableParameterCount: whole.trainableParameterCount,
  }
}

/**
 * Of a sharded gradient a GPU keeps its share, and all of it until so many are whole at once. A stretch
 * of the step is highest either where it is by the one or where it is by the other.
 */
function momentsOfShare(
  job: TrainJob,
  a: Architecture,
  head: ModelHead,
  memory: TrainMemory,
): readonly Moment[] {
  const share = shares(job, a, head)
  const kept = shardedMoments(job, memory, share)
  if (share.wholeGradientElements === 0) return kept
  const whole = shardedMoments(job, trainMemory(job, a, head, share.gradients + 1), share)
  return kept.map((moment, index) => {
    const other = whole[index]
    return other && other.tensorsBytes > moment.tensorsBytes ? other : moment
  })
}

/** One stage of a pipeline: its share of the layers, with embedding and head. */
function stageOf(a: Architecture, gpuCount: number): Architecture {
  const layerCount = Math.ceil(a.layerCount / gpuCount)
  const decoderLayerCount = Math.ceil(a.decoderLayerCount / gpuCount)
  if (!a.experts) return { ...a, layerCount, decoderLayerCount }
  const denseLayerCount = Math.min(a.experts.denseLayerCount, layerCount - 1)
  return { ...a, layerCount, decoderLayerCount, experts: { ...a.experts, denseLayerCount } }
}

function countInference(job: InferJob, a: Architecture): Counted {
  const head = headOf(job, a)
  const isSplit = job.gpuCount > 1 && job.sharding === 'pipeline'
  const staged = isSplit ? stageOf(a, job.gpuCount) : a
  const memory = inferMemory(job, staged, head)
  const s = shares(job, staged, head)
  const bytesPerElement = memory.weights.bytes / memory.weights.parameterCount
  const weightsBytes =
    memory.weights.bytes * s.weights + s.gatheredElements * bytesPerElement + a.bufferBytes
  const moments = memory.moments.map((each) => {
    const terms = memoryTerms({
      weightsBytes,
      activationsBytes: each.activationsBytes,
      temporaryBytes: each.temporaryBytes,
      kvCacheBytes: each.kvCacheBytes,
    })
    return {
      phase: each.phase,
      label: each.label,
      terms,
      tensorsBytes: totalBytes(terms),
      tensors: () =>
        [
          { label: 'weights', bytes: weightsBytes },
          { label: 'KV cache', bytes: each.kvCacheBytes },
          { label: 'activations', bytes: each.activationsBytes },
          { label: 'growing the cache', bytes: each.temporaryBytes },
        ].filter(({ bytes }) => bytes > 0),
    }
  })
  const whole = isSplit ? inferMemory(job, a, head) : memory
  return {
    work: () => inferWork(job, a, head, whole),
    moments,
    parameterCount: whole.weights.parameterCount,
    trainableParameterCount: 0,
  }
}

/** What is on the host crosses the bus and is updated by the CPU, of which no datasheet tells. */
function isTimed(job: Job): boolean {
  return job.offload === 'none' && (job.task === 'infer' || job.checkpointing !== 'offload')
}

function toPhase({ phase, terms, tensorsBytes }: Moment): PhaseMemory {
  return { phase, peakBytes: tensorsBytes, terms }
}

/** CUDA computes in bf16 from this compute capability on (Ampere). */
const bf16Capability = 8

function gpuAssumptions({ precision }: Job, gpu: GpuSpec): readonly string[] {
  const isOlder = gpu.computeCapability !== null && Number(gpu.computeCapability) < bf16Capability
  if (!isOlder || !precision.endsWith('bf16')) return []
  return [`${gpu.name} has no bf16 units: PyTorch emulates it, slower than fp16 of the same size`]
}

function assumptionsOf(job: Job, a: Architecture): readonly string[] {
  const lines: string[] = []
  if (job.sharding === 'pipeline' && job.gpuCount > 1) {
    lines.push(
      'pipeline: layers are split evenly; the stage counted holds embedding and head, and one micro-batch',
    )
  }
  if (job.gpuCount > 1 && job.sharding === 'none') {
    lines.push(`${job.gpuCount} GPUs without sharding: each holds everything`)
  }
  if (job.gpu !== null && !isTimed(job)) {
    lines.push('no time: what is offloaded crosses the bus, which no row of the table tells')
  } else if (job.gpu !== null && job.gpuCount > 1) {
    lines.push('time: without what GPUs tell each other')
  }
  if (job.offload !== 'none') {
    lines.push('offload: what is on the host is not counted; one layer is on its way at a time')
  }
  if (job.task === 'train' && job.optimizer === 'paged-adamw-8bit') {
    lines.push('paged optimizer states may be moved to the host and are not counted')
  }
  if (job.task === 'infer' && a.attention.latent) {
    lines.push('KV cache as the compressed latent; implementations that expand it need more')
  }
  if (a.attention.slidingWindow && job.task === 'infer') {
    lines.push('layers with a sliding window keep no more than the window')
  }
  return lines
}
