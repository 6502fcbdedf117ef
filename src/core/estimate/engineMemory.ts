import { elementCount, type Graph } from '../onnx/graph'
import type { Network } from '../onnx/networks/network'
import type { TheoryMemory } from '../run/record'
import { engineInferenceGraph, engineTrainingGraph } from './engineGraph'
import type { InferJob, TrainJob } from './job'
import { engineWork } from './engineWork'
import { plannedMemory } from './onnxGraphMemory'
import type { PhaseWork } from './phaseWork'
import { planGraph } from './plannedGraph'

export interface EngineMemory {
  readonly theory: TheoryMemory
  /** What the arena has grown to. */
  readonly heldBytes: number
  readonly trainedCount: number
  /** What each phase computes and moves. */
  readonly work: () => readonly PhaseWork[]
}

/**
 * Memory of the engine's own graph for a job, all layers of it: about a second for ten of them.
 * Throws InputError for what it has no graph for.
 */
export function engineMemory(job: TrainJob | InferJob, network: Network): EngineMemory {
  const { graph, trainedCount } = graphOf(job, network)
  const options = { isCpu: false }
  const planned = planGraph(graph, options)
  const theory = plannedMemory(planned, options)
  const heldBytes = theory.reservedPeakBytes ?? theory.peakBytes
  return { theory, heldBytes, trainedCount, work: () => engineWork(planned, job.task) }
}

function graphOf(
  job: TrainJob | InferJob,
  network: Network,
): { readonly graph: Graph; readonly trainedCount: number } {
  if (job.task === 'infer') return { graph: engineInferenceGraph(job, network), trainedCount: 0 }
  const { graph, trained } = engineTrainingGraph(job, network)
  return { graph, trainedCount: trained.reduce((sum, { shape }) => sum + elementCount(shape), 0) }
}
