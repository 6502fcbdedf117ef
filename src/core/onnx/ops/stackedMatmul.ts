import { type Graph, sameShape, type Value } from '../graph'
import { transpose } from './reshape'
import { expectSameType, shapeError } from './shapeError'

/**
 * a · b for stacks of matrices, [..., rows, inner] by [..., inner, columns] with equal axes before.
 * Gradient: dy · bᵀ, aᵀ · dy.
 */
export function matMul(graph: Graph, a: Value, b: Value): Value {
  expectSameType('MatMul', a, b)
  const isStack = a.shape.length >= 2 && sameShape(a.shape.slice(0, -2), b.shape.slice(0, -2))
  if (!isStack || a.shape.at(-1) !== b.shape.at(-2)) {
    throw shapeError('MatMul', 'not stacks of matrices with the same inner size', a, b)
  }
  return graph.apply('MatMul', [a, b], {
    shape: [...a.shape.slice(0, -1), b.shape.at(-1)!],
    gradients: [
      (dy) => matMul(graph, dy, transposeMatrices(graph, b)),
      (dy) => matMul(graph, transposeMatrices(graph, a), dy),
    ],
  })
}

/** The last two axes exchanged. */
export function transposeMatrices(graph: Graph, x: Value): Value {
  const last = x.shape.length - 1
  const axes = [...x.shape.keys()]
  return transpose(graph, x, axes.with(last, last - 1).with(last - 1, last))
}
