import { elementCount, type Graph, type Node } from './graph'

/**
 * Floating-point operations of all matrix products and convolutions of one run, forward and backward:
 * 2 for each multiplication with its addition. Everything else (softmax, norms, the optimizer) is left
 * out, as it is where a model's FLOPs are usually counted (Chowdhery et al. 2022, appendix B).
 */
export function countFlops(graph: Pick<Graph, 'nodes'>): number {
  return graph.nodes.reduce((sum, node) => sum + 2 * multiplications(node), 0)
}

function multiplications({ opType, inputs, outputs, attributes }: Node): number {
  const [a, b] = inputs
  const result = outputs[0]
  if (!a || !b || !result) return 0
  const isSet = (name: string) => {
    const attribute = attributes[name]
    return attribute?.type === 'int' && attribute.value === 1
  }
  switch (opType) {
    // [… m, k] × [… k, n]: each of m · n results adds k products up.
    case 'MatMul':
    case 'Gemm':
    case 'QGemm':
    case 'MatMulNBits':
      // Ones times x: a sum, written as a product.
      if (a.role === 'constant') return 0
      return elementCount(result.shape) * a.shape.at(isSet('transA') ? -2 : -1)!
    // Filters [out, in, kernel, kernel]: each result adds in · kernel² products up.
    case 'Conv':
      return elementCount(result.shape) * elementCount(b.shape.slice(1))
    case 'QLinearConv':
      return elementCount(result.shape) * elementCount(inputs[3]?.shape.slice(1) ?? [0])
    // The other way round: each input goes into out · kernel² results.
    case 'ConvTranspose':
      return elementCount(a.shape) * elementCount(b.shape.slice(1))
    default:
      return 0
  }
}
