import type { Architecture, ModelHead } from '../models/architecture'
import { inferMemory } from './inferMemory'
import type { InferJob, Job, TrainJob } from './job'
import { memoryTerms, totalBytes } from './memoryTerms'
import { inferWork, type PhaseWork, trainWork } from './phaseWork'
import { headOf } from './resolvedModel'
import { type Moment, shardedMoments } from './shardedMoments'
import { shares } from './sharding'
import { type TrainMemory, trainMemory } from './trainMemory'

/** What a job holds and does, before any GPU is asked. */
export interface Counted {
  /** What each phase computes and moves; asked for where a GPU is known. */
  readonly work: () => readonly PhaseWork[]
  readonly moments: readonly Moment[]
  readonly parameterCount: number
  readonly trainableParameterCount: number
}

/** The course of one step or one generation on the fullest GPU, and how many parameters take part. */
export function countMoments(job: Job, a: Architecture): Counted {
  return job.task === 'train' ? countTraining(job, a) : countInference(job, a)
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
