import type { Graph, Value } from '../graph'
import { add, cast, erf, exp, mul, sigmoid, sub } from './elementwise'

/**
 * Activations of transformers. Of each only x is kept for the backward pass, which computes the rest
 * again, as PyTorch does.
 */

/** x · Φ(x), Φ the normal distribution (Hendrycks & Gimpel 2016). Gradient: dy · (Φ(x) + x · φ(x)). */
export function gelu(graph: Graph, x: Value): Value {
  const constant = (value: number) => graph.scalar(value, x.dtype)
  const distribution = () => {
    const half = erf(graph, mul(graph, x, constant(Math.SQRT1_2)))
    return mul(graph, add(graph, half, constant(1)), constant(0.5))
  }
  const y = graph.withoutRecording(() => geluOf(graph, x))
  graph.differentiateAs('gelu', [x], y, (dy) => {
    const bell = exp(graph, mul(graph, mul(graph, x, x), constant(-0.5)))
    const density = mul(graph, bell, constant(1 / Math.sqrt(2 * Math.PI)))
    return [mul(graph, dy, add(graph, distribution(), mul(graph, x, density)))]
  })
  return y
}

/** x · σ(x), σ the logistic function. Gradient: dy · σ · (1 + x · (1 − σ)). */
export function silu(graph: Graph, x: Value): Value {
  const y = graph.withoutRecording(() => mul(graph, x, sigmoid(graph, x)))
  graph.differentiateAs('silu', [x], y, (dy) => {
    const gate = sigmoid(graph, x)
    const one = graph.scalar(1, x.dtype)
    const slope = add(graph, one, mul(graph, x, sub(graph, one, gate)))
    return [mul(graph, dy, mul(graph, gate, slope))]
  })
  return y
}

/** ONNX Runtime has the operator up to fp32. */
function geluOf(graph: Graph, x: Value): Value {
  if (x.dtype === 'fp64') return cast(graph, geluOf(graph, cast(graph, x, 'fp32')), 'fp64')
  return graph.apply('Gelu', [x], { shape: x.shape })
}
