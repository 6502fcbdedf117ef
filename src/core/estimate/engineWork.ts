import { countFlops } from '../onnx/countFlops'
import { byteCount, type GraphPhase } from '../onnx/graph'
import type { PhaseWork } from './phaseWork'
import type { PlannedGraph } from './plannedGraph'

const phases: readonly GraphPhase[] = ['forward', 'loss', 'backward', 'optimizer']
/** Nodes whose output is their input in another shape: nothing moves. */
const views = new Set(['Reshape', 'Squeeze', 'Unsqueeze', 'Flatten', 'Identity'])

/**
 * What each phase of a graph computes and moves: operations of its matrix products, and for every
 * node that runs its inputs read and its outputs written, each once. What checkpointing runs again
 * stands in the graph as a part of backward.
 */
export function engineWork({ order }: PlannedGraph, task: 'train' | 'infer'): readonly PhaseWork[] {
  return phases.flatMap((phase) => {
    const nodes = order.filter((node) => node.phase === phase)
    if (nodes.length === 0) return []
    let bytes = 0
    for (const { opType, inputs, outputs } of nodes) {
      if (views.has(opType)) continue
      for (const value of inputs) bytes += byteCount(value)
      for (const value of outputs) bytes += byteCount(value)
    }
    const name = task === 'infer' ? 'prefill' : phase
    return [{ phase: name, passes: 1, flops: countFlops({ nodes }), bytes }]
  })
}
