import { elementCount, formatShape, type Graph, sameShape, type Value } from '../graph'
import { shapeError } from './shapeError'

/** The same elements in another shape. Gradient: the shape it had. */
export function reshape(graph: Graph, x: Value, shape: readonly number[]): Value {
  if (sameShape(x.shape, shape)) return x
  if (elementCount(shape) !== elementCount(x.shape)) {
    throw shapeError('Reshape', `its elements do not fill ${formatShape(shape)}`, x)
  }
  return graph.apply('Reshape', [x, graph.integers(shape)], {
    shape,
    gradients: [(dy) => reshape(graph, dy, x.shape), null],
  })
}

/** Axis i of the result is axis `permutation[i]` of x. Gradient: the inverse permutation. */
export function transpose(graph: Graph, x: Value, permutation: readonly number[]): Value {
  const sorted = permutation.toSorted((a, b) => a - b)
  if (!sameShape(sorted, [...x.shape.keys()])) {
    throw shapeError('Transpose', `${formatShape(permutation)} is not a permutation of its axes`, x)
  }
  const inverse = permutation.map((_, axis) => permutation.indexOf(axis))
  return graph.apply('Transpose', [x], {
    shape: permutation.map((axis) => x.shape[axis]!),
    attributes: { perm: { type: 'ints', value: permutation } },
    gradients: [(dy) => transpose(graph, dy, inverse)],
  })
}
