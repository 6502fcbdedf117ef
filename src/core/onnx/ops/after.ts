import type { Graph, Value } from '../graph'
import { add, cast, mul } from './elementwise'
import { reshape } from './reshape'
import { concat } from './slice'
import { reduceSum } from './sum'

/**
 * x, unchanged, but not before all of `others` (of one type) have been computed: to x is added 0 times
 * one element of each. Without it ONNX Runtime may compute x's readers much earlier and hold what they
 * give until it is needed, or find that they repeat others and keep those instead.
 * The elements are made integers before they are multiplied with 0, for 0 · NaN is NaN.
 * Nothing of this is recorded: gradients are taken of what is given back.
 */
export function after(graph: Graph, x: Value, others: readonly Value[]): Value {
  if (others.length === 0) return x
  return graph.withoutRecording(() => {
    const elements = concat(
      graph,
      others.map((value) => firstElement(graph, value)),
      0,
    )
    const zeros = mul(graph, cast(graph, elements, 'int32'), graph.scalar(0, 'int32'))
    const zero = reduceSum(graph, zeros, [0])
    return add(graph, x, cast(graph, zero, x.dtype))
  })
}

/** [1] */
export function firstElement(graph: Graph, x: Value): Value {
  const axes = [...x.shape.keys()]
  if (axes.every((axis) => x.shape[axis] === 1)) return reshape(graph, x, [1])
  const bounds = [axes.map(() => 0), axes.map(() => 1), axes].map((each) => graph.integers(each))
  const first = graph.apply('Slice', [x, ...bounds], { shape: axes.map(() => 1) })
  return reshape(graph, first, [1])
}
