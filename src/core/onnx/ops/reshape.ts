import { elementCount, formatShape, type Graph, sameShape, type Value } from '../graph'
import { shapeError } from './shapeError'

/**
 * A chain of reshapes, or of transposes, is written as its last alone, as ONNX Runtime would leave it;
 * what nobody reads any more is not part of the model.
 */

/** The same elements in another shape. Gradient: the shape it had. */
export function reshape(graph: Graph, x: Value, shape: readonly number[]): Value {
  if (sameShape(x.shape, shape)) return x
  if (elementCount(shape) !== elementCount(x.shape)) {
    throw shapeError('Reshape', `its elements do not fill ${formatShape(shape)}`, x)
  }
  const source = sourceOf(graph, x, 'Reshape')
  const isBack = sameShape(source.shape, shape)
  if (isBack && !graph.isRecording) return source
  const y = graph.withoutRecording(() =>
    graph.apply('Reshape', [isBack ? x : source, graph.integers(shape)], { shape }),
  )
  graph.differentiateAs('Reshape', [x], y, (dy) => [reshape(graph, dy, x.shape)])
  return y
}

/** Axis i of the result is axis `permutation[i]` of x. Gradient: the inverse permutation. */
export function transpose(graph: Graph, x: Value, permutation: readonly number[]): Value {
  const sorted = permutation.toSorted((a, b) => a - b)
  if (!sameShape(sorted, [...x.shape.keys()])) {
    throw shapeError('Transpose', `${formatShape(permutation)} is not a permutation of its axes`, x)
  }
  const source = sourceOf(graph, x, 'Transpose')
  const before = graph.producerOf(x)?.attributes.perm
  const first = source !== x && before?.type === 'ints' ? before.value : sorted
  const composed = permutation.map((axis) => first[axis]!)
  const isBack = sameShape(composed, sorted)
  if (isBack && !graph.isRecording) return source
  const [from, perm] = isBack ? [x, permutation] : [source, composed]
  const y = graph.withoutRecording(() =>
    graph.apply('Transpose', [from], {
      shape: permutation.map((axis) => x.shape[axis]!),
      attributes: { perm: { type: 'ints', value: perm } },
    }),
  )
  const inverse = permutation.map((_, axis) => permutation.indexOf(axis))
  graph.differentiateAs('Transpose', [x], y, (dy) => [transpose(graph, dy, inverse)])
  return y
}

/** What the node of this kind that gives x was given; x itself where none does. */
function sourceOf(graph: Graph, x: Value, opType: string): Value {
  const producer = graph.producerOf(x)
  return producer?.opType === opType ? producer.inputs[0]! : x
}
