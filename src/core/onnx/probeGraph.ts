import { encodeModel } from './encodeModel'
import { Graph } from './graph'
import type { InferenceGraph } from './inferenceGraph'
import { gemm } from './ops/matmul'

/** One matrix product: the least that shows whether a provider loads and computes. */
export function buildProbeGraph(): InferenceGraph {
  const graph = new Graph('probe')
  const a = graph.input('a', 'fp32', [16, 16])
  const b = graph.input('b', 'fp32', [16, 16])
  const product = gemm(graph, a, b)
  graph.output('product', product)
  const outputs = [{ name: 'product', dtype: product.dtype, shape: product.shape }]
  return { graph, inputs: graph.inputs, outputs, model: encodeModel(graph) }
}
