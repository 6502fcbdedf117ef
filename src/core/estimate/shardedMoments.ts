import type { LiveTensors, Phase, TrainPhase } from './estimate'
import type { TrainJob } from './job'
import type { MemoryTerms } from './memoryTerms'
import { memoryTerms, totalBytes } from './memoryTerms'
import { precisionWidths } from './precisionWidths'
import type { Shares } from './sharding'
import { indexOfKind, type KindBytes, tensorKinds } from './tape/liveMemory'
import type { TrainMemory } from './trainMemory'

/** One moment of a job, on the fullest GPU, without the runtime's own memory. */
export interface Moment {
  readonly phase: Phase
  readonly label: string
  readonly terms: MemoryTerms
  readonly tensorsBytes: number
  /** What the terms consist of, largest first. */
  readonly tensors: () => readonly LiveTensors[]
}

const gradientKind = indexOfKind('gradients')
const temporaryKinds = new Set([
  indexOfKind('gradients of activations'),
  indexOfKind('dequantized weights'),
])

/** The moments of a training step with every held kind cut to what one GPU keeps. */
export function shardedMoments(job: TrainJob, memory: TrainMemory, s: Shares): readonly Moment[] {
  const { held } = memory
  const { weight, autocast } = precisionWidths(job.precision)
  const width = autocast ?? weight
  const weightsBytes = held.weightsBytes * s.weights + s.gatheredElements * width
  const wholeGradients = Math.min(held.gradientsBytes, s.wholeGradientElements * width)
  const statesBytes = (held.optimizer.statesBytes + held.masterBytes) * s.states
  return memory.moments.map(({ phase, label, byKind }) => {
    const isStep = phase === 'optimizer'
    const gradients = byKind[gradientKind] ?? 0
    const gradientsBytes =
      gradients * s.gradients + (isStep ? 0 : Math.min(gradients, wholeGradients))
    const changing = changingBytes(byKind)
    const terms = memoryTerms({
      // Nothing is gathered while the optimizer works on its own shard.
      weightsBytes: isStep ? held.weightsBytes * s.weights : weightsBytes,
      gradientsBytes,
      optimizerStatesBytes: statesBytes,
      activationsBytes: changing.activations,
      temporaryBytes: changing.temporary + (isStep ? held.optimizer.temporaryBytes * s.states : 0),
    })
    return {
      phase,
      label,
      terms,
      tensorsBytes: totalBytes(terms),
      tensors: () => named(byKind, terms),
    }
  })
}

function changingBytes(byKind: KindBytes): { activations: number; temporary: number } {
  let activations = 0
  let temporary = 0
  for (let kind = 0; kind < byKind.length; kind += 1) {
    if (kind === gradientKind) continue
    if (temporaryKinds.has(kind)) temporary += byKind[kind] ?? 0
    else activations += byKind[kind] ?? 0
  }
  // Fractions of tokens per expert leave a rest of rounding below 0.
  return { activations: Math.max(0, activations), temporary: Math.max(0, temporary) }
}

function named(byKind: KindBytes, terms: MemoryTerms): readonly LiveTensors[] {
  const groups = [
    { label: 'weights', bytes: terms.weightsBytes },
    { label: 'optimizer states', bytes: terms.optimizerStatesBytes },
    ...tensorKinds.map((label, kind) => ({
      label,
      bytes: kind === gradientKind ? terms.gradientsBytes : (byKind[kind] ?? 0),
    })),
  ]
  return groups.filter(({ bytes }) => bytes > 0).toSorted((a, b) => b.bytes - a.bytes)
}

/** The highest moment of each phase, in the phases' order. */
export function highestByPhase(moments: readonly Moment[]): readonly Moment[] {
  const highest = new Map<Phase | TrainPhase, Moment>()
  for (const moment of moments) {
    const found = highest.get(moment.phase)
    if (!found || moment.tensorsBytes > found.tensorsBytes) highest.set(moment.phase, moment)
  }
  return [...highest.values()]
}

export function highest(moments: readonly Moment[]): Moment {
  const [first, ...rest] = moments
  if (!first) throw new Error('a job without moments')
  return rest.reduce((top, each) => (each.tensorsBytes > top.tensorsBytes ? each : top), first)
}
