import type { Graph, Node } from '../onnx/graph'
import { type Buffer, type BufferPlanOptions, planBuffers } from './onnxBufferPlan'
import { executionOrder } from './onnxExecutionOrder'
import { type OptimizedGraph, optimizeGraph, widenConstants } from './onnxOptimizedGraph'

/** A graph as a session runs it: optimized, in the order of execution, with its buffers. */
export interface PlannedGraph {
  readonly graph: Graph
  readonly optimized: OptimizedGraph
  readonly order: readonly Node[]
  readonly buffers: readonly Buffer[]
}

/** Planned once for all that is asked of it: a large graph takes a good part of a second. */
export function planGraph(graph: Graph, options: BufferPlanOptions): PlannedGraph {
  const optimized = options.isCpu ? widenConstants(optimizeGraph(graph)) : optimizeGraph(graph)
  const order = executionOrder(optimized.nodes)
  return { graph, optimized, order, buffers: planBuffers(graph, optimized, order, options) }
}
