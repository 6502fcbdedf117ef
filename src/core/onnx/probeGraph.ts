import { encodeModel } from './encodeModel'
import { Graph } from './graph'
import type { InferenceGraph } from './inferenceGraph'
import { exp } from './ops/elementwise'
import { gemm } from './ops/matmul'

/**
 * A matrix product and an exponential: the least that shows whether a provider loads and computes. On
 * CUDA the first is a kernel of cuBLAS, the second one of the provider's own: each may lack the code for
 * a GPU's architecture.
 */
export function buildProbeGraph(): InferenceGraph {
  const graph = new Graph('probe')
  const a = graph.input('a', 'fp32', [16, 16])
  const b = graph.input('b', 'fp32', [16, 16])
  const product = gemm(graph, a, b)
  const result = exp(graph, product)
  graph.output('result', result)
  const outputs = [{ name: 'result', dtype: result.dtype, shape: result.shape }]
  return { graph, inputs: graph.inputs, outputs, model: encodeModel(graph) }
}
