import type { Graph, Value } from '../graph'
import { largestOf } from './blockwise'
import { abs, add, div, mul, round } from './elementwise'

/** Keeps the scale of zeros from being 0. */
const leastScale = 1e-30

/**
 * What is left of x after int8: x ÷ s rounded, times s, where s is the largest |x| along `axis` ÷ 127.
 * Gradient: dy, as if nothing had been rounded (the straight-through estimator, Bengio et al. 2013).
 */
export function fakeQuantize(graph: Graph, x: Value, axis: number): Value {
  const y = graph.withoutRecording(() => {
    const peak = largestOf(graph, abs(graph, x), axis)
    const step = mul(graph, peak, graph.scalar(1 / 127, x.dtype))
    const scale = add(graph, step, graph.scalar(leastScale, x.dtype))
    return mul(graph, round(graph, div(graph, x, scale)), scale)
  })
  graph.differentiateAs('fakeQuantize', [x], y, (dy) => [dy])
  return y
}
