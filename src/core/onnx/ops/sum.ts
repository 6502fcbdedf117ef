import { formatShape, type Graph, sameShape, type Value } from '../graph'
import { reshape } from './reshape'
import { normalizeAxis, shapeError } from './shapeError'

/** Stretching and summing are each other's gradient. */

/** x repeated where its sizes are 1 or missing. Gradient: the sum over what was repeated. */
export function expand(graph: Graph, x: Value, shape: readonly number[]): Value {
  if (sameShape(x.shape, shape)) return x
  const offset = shape.length - x.shape.length
  if (offset < 0 || x.shape.some((size, axis) => size !== 1 && size !== shape[offset + axis])) {
    throw shapeError('Expand', `it does not stretch to ${formatShape(shape)}`, x)
  }
  return graph.apply('Expand', [x, graph.integers(shape)], {
    shape,
    gradients: [(dy) => sumTo(graph, dy, x.shape), null],
  })
}

/**
 * Sum over `axes`, which disappear unless `keepDims`. Gradient: the output's, repeated.
 * Of the reductions only sums run on CUDA without cuDNN whatever the axes.
 */
export function reduceSum(
  graph: Graph,
  x: Value,
  axes: readonly number[],
  { keepDims = false }: { readonly keepDims?: boolean } = {},
): Value {
  const along = axes.map((axis) => normalizeAxis('ReduceSum', axis, x))
  const kept = x.shape.map((size, axis) => (along.includes(axis) ? 1 : size))
  return graph.apply('ReduceSum', [x, graph.integers(along)], {
    shape: keepDims ? kept : x.shape.filter((_, axis) => !along.includes(axis)),
    attributes: { keepdims: { type: 'int', value: keepDims ? 1 : 0 } },
    gradients: [(dy) => expand(graph, reshape(graph, dy, kept), x.shape), null],
  })
}

/** The sum of x over every axis along which `shape` was stretched to x's shape. */
export function sumTo(graph: Graph, x: Value, shape: readonly number[]): Value {
  if (sameShape(x.shape, shape)) return x
  const offset = x.shape.length - shape.length
  const axes = [...x.shape.keys()].filter(
    (axis) => axis < offset || (shape[axis - offset] === 1 && x.shape[axis] !== 1),
  )
  if (axes.length === 0) return reshape(graph, x, shape)
  const isRows = x.dtype === 'fp32' && x.shape.length === 2 && axes.length === 1 && axes[0] === 0
  return reshape(graph, isRows ? sumOfRows(graph, x) : reduceSum(graph, x, axes), shape)
}

/**
 * The sum of x's rows, [1, columns], as the product of a row of ones with x: on a CPU four times as fast
 * as ReduceSum down the rows, which every bias and every norm needs for its gradient.
 */
function sumOfRows(graph: Graph, x: Value): Value {
  const [rows, columns] = x.shape as [number, number]
  const ones = graph.shared(`${rows} ones`, 'fp32', [1, rows], () => new Float32Array(rows).fill(1))
  return graph.apply('Gemm', [ones, x], { shape: [1, columns] })
}
