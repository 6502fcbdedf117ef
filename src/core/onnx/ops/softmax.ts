import type { Graph, Value } from '../graph'
import { mul, sub } from './elementwise'
import { reduceSum } from './sum'

const overLastAxis = { axis: { type: 'int', value: -1 } } as const

/** eˣ over its sum along the last axis. Gradient: y · (dy − Σ dy · y). */
export function softmax(graph: Graph, x: Value): Value {
  return graph.apply('Softmax', [x], {
    shape: x.shape,
    attributes: overLastAxis,
    gradients: [(dy, y) => softmaxGradient(graph, dy, y)],
  })
}

export function softmaxGradient(graph: Graph, dy: Value, y: Value): Value {
  const mean = reduceSum(graph, mul(graph, dy, y), [-1], { keepDims: true })
  return mul(graph, y, sub(graph, dy, mean))
}
