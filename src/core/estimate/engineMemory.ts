import { elementCount, type Graph } from '../onnx/graph'
import type { Network } from '../onnx/networks/network'
import type { TheoryMemory } from '../run/record'
import { engineInferenceGraph, engineTrainingGraph } from './engineGraph'
import type { InferJob, TrainJob } from './job'
import { estimateGraphMemory } from './onnxGraphMemory'

export interface EngineMemory {
  readonly theory: TheoryMemory
  /** What the arena has grown to. */
  readonly heldBytes: number
  readonly trainedCount: number
}

/**
 * Memory of the engine's own graph for a job, all layers of it: about a second for ten of them.
 * Throws InputError for what it has no graph for.
 */
export function engineMemory(job: TrainJob | InferJob, network: Network): EngineMemory {
  const { graph, trainedCount } = graphOf(job, network)
  const theory = estimateGraphMemory(graph, { isCpu: false })
  return { theory, heldBytes: theory.reservedPeakBytes ?? theory.peakBytes, trainedCount }
}

function graphOf(
  job: TrainJob | InferJob,
  network: Network,
): { readonly graph: Graph; readonly trainedCount: number } {
  if (job.task === 'infer') return { graph: engineInferenceGraph(job, network), trainedCount: 0 }
  const { graph, trained } = engineTrainingGraph(job, network)
  return { graph, trainedCount: trained.reduce((sum, { shape }) => sum + elementCount(shape), 0) }
}
