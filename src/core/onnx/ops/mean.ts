import type { Graph, Value } from '../graph'
import { mul } from './elementwise'
import { reshape } from './reshape'
import { normalizeAxis } from './shapeError'
import { expand } from './sum'

/**
 * Mean over `axes`, which disappear unless `keepDims`. Gradient: the output's over the count, repeated.
 * On CUDA without cuDNN only the first or the last axes can be averaged.
 */
export function reduceMean(
  graph: Graph,
  x: Value,
  axes: readonly number[],
  { keepDims = false }: { readonly keepDims?: boolean } = {},
): Value {
  const along = axes.map((axis) => normalizeAxis('ReduceMean', axis, x))
  const kept = x.shape.map((size, axis) => (along.includes(axis) ? 1 : size))
  const count = along.reduce((product, axis) => product * x.shape[axis]!, 1)
  return graph.apply('ReduceMean', [x, graph.integers(along)], {
    shape: keepDims ? kept : x.shape.filter((_, axis) => !along.includes(axis)),
    attributes: { keepdims: { type: 'int', value: keepDims ? 1 : 0 } },
    gradients: [
      (dy) => {
        const each = mul(graph, dy, graph.scalar(1 / count, x.dtype))
        return expand(graph, reshape(graph, each, kept), x.shape)
      },
      null,
    ],
  })
}
