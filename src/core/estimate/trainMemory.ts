import type { Architecture, ModelHead } from '../models/architecture'
import type { TrainPhase } from './estimate'
import type { TrainJob } from './job'
import { linearLayers } from './linearNames'
import {
  adapterParameterCount,
  largestMatrixElements,
  savedModuleParameterCount,
  type StoredWeights,
  storedWeights,
} from './modelWeights'
import { optimizerMemory, type OptimizerMemory } from './optimizerMemory'
import { precisionWidths } from './precisionWidths'
import { adapterOf, preparesForKBit, trainedModules, trainingContext } from './stepContextOf'
import { indexOfKind, type KindBytes } from './tape/liveMemory'
import { simulateTrainingStep } from './trainingStep'
import type { WrittenBytes } from './stepRecorder'

const fp32 = 4

/** Everything that stays in memory over the whole step, in bytes, before sharding. */
export interface HeldMemory {
  readonly base: StoredWeights
  readonly adapterParameterCount: number
  readonly trainableParameterCount: number
  readonly weightsBytes: number
  readonly gradientsBytes: number
  readonly masterBytes: number
  readonly optimizer: OptimizerMemory
}

export interface TrainMoment {
  readonly phase: TrainPhase
  readonly label: string
  readonly byKind: KindBytes
}

export interface TrainMemory {
  readonly held: HeldMemory
  readonly moments: readonly TrainMoment[]
  /** What the operators of one micro-batch write. */
  readonly written: WrittenBytes
}

/** Weights, gradients and optimizer states of a training job. */
export function heldMemory(job: TrainJob, a: Architecture, head: ModelHead): HeldMemory {
  const { weight } = precisionWidths(job.precision)
  const isPrepared = preparesForKBit(job)
  const base = storedWeights(a, head, job.quantization, isPrepared ? fp32 : weight)
  const adapter = adapterOf(job, a, head)
  const adapters = adapter ? adapterParameterCount(a, head, adapter.rank, adapter.targets) : 0
  const copies = adapter ? savedModuleParameterCount(a, head, trainedModules(job)) : 0
  const trainable = adapter ? adapters + copies : base.parameterCount
  const trainedWidth = adapter?.width ?? weight
  const weightsBytes = base.bytes + a.bufferBytes + (adapter ? trainable * trainedWidth : 0)
  const largest = adapter
    ? Math.max(...linearLayers(a, head).map(({ shape }) => adapter.rank * shape.outputSize))
    : largestMatrixElements(a, head)
  return {
    base,
    adapterParameterCount: adapters,
    trainableParameterCount: trainable,
    weightsBytes,
    gradientsBytes: trainable * trainedWidth,
    masterBytes: job.masterWeights === 'fp32' ? trainable * fp32 : 0,
    optimizer: optimizerMemory(job, {
      count: trainable,
      width: trainedWidth,
      largestElements: largest,
      factoredElements: factoredElements(a, head, adapter),
    }),
  }
}

/** Rows and columns of every trained matrix, which is what Adafactor keeps of each. */
function factoredElements(
  a: Architecture,
  head: ModelHead,
  adapter: { readonly rank: number; readonly targets: (name: string) => boolean } | null,
): number {
  const inLayers = linearLayers(a, head).reduce((sum, { shape, count }) => {
    const { inputSize, outputSize, name } = shape
    if (!adapter) return sum + count * (inputSize + outputSize)
    return adapter.targets(name) ? sum + count * (inputSize + outputSize + 2 * adapter.rank) : sum
  }, 0)
  const table = a.embedding.vocabSize + a.hiddenSize
  return adapter ? inLayers : inLayers + (a.head.tied ? 1 : 2) * table
}

/**
 * Moments of forward, loss and backward, and the optimizer's step; `gradientShare` is that of each
 * gradient by which the highest moment of a stretch is found, the job's own unless given.
 */
export function trainMemory(
  job: TrainJob,
  a: Architecture,
  head: ModelHead,
  gradientShare?: number,
): TrainMemory {
  const held = heldMemory(job, a, head)
  const context = trainingContext(job, a, head, gradientShare)
  const { moments, written } = simulateTrainingStep(context, {
    checkpointing: job.checkpointing !== 'none',
    offloadCheckpoints: job.checkpointing === 'offload',
  })
  // Gradients that accumulate were there before this micro-batch.
  const gradients = indexOfKind('gradients')
  const isAccumulating = job.gradientAccumulationSteps > 1
  const walked = moments.map(({ phase, label, byKind }) => {
    const kinds = byKind.slice()
    if (isAccumulating) kinds[gradients] = held.gradientsBytes
    return { phase, label, byKind: kinds }
  })
  const atStep = context.tape.memory.byKind.slice()
  atStep[gradients] = job.optimizerInBackward ? 0 : held.gradientsBytes
  return {
    held,
    written,
    moments: [...walked, { phase: 'optimizer', label: 'optimizer step', byKind: atStep }],
  }
}
