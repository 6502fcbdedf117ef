import { InputError } from '../errors'
import { builtInGpus } from '../builtInGpus'
import { findGpu, type GpuSpec, usableBytes } from '../gpus'
import type { Architecture } from '../models/architecture'
import type { Estimate, EstimateGpu, ExplainedEstimate, Interval, PhaseMemory } from './estimate'
import { countMoments } from './countMoments'
import { effectiveJob } from './effectiveJob'
import { explainTerms } from './explainTerms'
import { fragmentationOf } from './fragmentation'
import { verdictOf } from './gpuFit'
import { processInterval, tensorsBand } from './intervals'
import type { Job } from './job'
import { assumptionsOf, gpuAssumptions } from './jobAssumptions'
import { largestBatchSize, longestSequence } from './largestFit'
import { solveEngine } from './engineSolve'
import { estimateOnnxRuntime } from './onnxRuntimeEstimate'
import { otherCalculators } from './otherCalculators'
import { reliefSearch } from './reliefs'
import { isTimed, type MeasuredRates, stepTime } from './stepTime'
import { memoryTerms, totalBytes } from './memoryTerms'
import { type BareWeights, resolveModel, type ResolvedModel } from './resolvedModel'
import { contextOf, cudaContext, ncclBuffers, reservedBytes } from './runtimeOverhead'
import { highest, highestByPhase, type Moment } from './shardedMoments'
import { estimateTextbook } from './textbookEstimate'
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
  const counted = countMoments(job, a)
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

function toPhase({ phase, terms, tensorsBytes }: Moment): PhaseMemory {
  return { phase, peakBytes: tensorsBytes, terms }
}
