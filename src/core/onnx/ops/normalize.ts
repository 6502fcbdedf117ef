import { type Graph, sameShape, type Value } from '../graph'
import { add, cast, div, mul, sqrt, sub } from './elementwise'
import { reduceMean } from './mean'
import { shapeError } from './shapeError'
import { sumTo } from './sum'

/**
 * (x − mean) ÷ √(variance + ε) · weight + bias over the last axis (Ba, Kiros & Hinton 2016). Kept for the
 * backward pass: x, the means and 1 ÷ σ, which the operator gives away on every provider.
 * Gradient with g = dy · weight: (g − mean(g) − x̂ · mean(g · x̂)) ÷ σ; Σ dy · x̂; Σ dy.
 */
export function layerNorm(
  graph: Graph,
  x: Value,
  weight: Value,
  bias: Value,
  epsilon: number,
): Value {
  expectFeatures('layerNorm', x, weight)
  expectFeatures('layerNorm', x, bias)
  const [y, mean, inverse] = layerNormOf(graph, [x, weight, bias], epsilon)
  graph.differentiateAs('layerNorm', [x, weight, bias], y, (dy) => {
    const centered = sub(graph, x, cast(graph, mean, x.dtype))
    const normalized = mul(graph, centered, cast(graph, inverse, x.dtype))
    const g = mul(graph, dy, weight)
    const along = mul(graph, normalized, meanOf(graph, mul(graph, g, normalized)))
    return [
      mul(graph, sub(graph, sub(graph, g, meanOf(graph, g)), along), cast(graph, inverse, x.dtype)),
      sumTo(graph, mul(graph, dy, normalized), weight.shape),
      sumTo(graph, dy, bias.shape),
    ]
  })
  return y
}

/** The result, the means and 1 ÷ σ; these in fp32, so that in fp64 they are computed step by step. */
function layerNormOf(
  graph: Graph,
  inputs: readonly Value[],
  epsilon: number,
): readonly [Value, Value, Value] {
  const [x, weight, bias] = inputs as [Value, Value, Value]
  const { shape, dtype } = x
  if (dtype === 'fp64') {
    return graph.withoutRecording(() => {
      const mean = meanOf(graph, x)
      const centered = sub(graph, x, mean)
      const inverse = inverseRoot(graph, meanOf(graph, mul(graph, centered, centered)), epsilon)
      const normalized = mul(graph, centered, inverse)
      return [add(graph, mul(graph, normalized, weight), bias), mean, inverse]
    })
  }
  const perRow = { shape: shape.with(-1, 1), dtype: 'fp32' } as const
  const outputs = graph.applyMany(
    'LayerNormalization',
    inputs,
    [{ shape, dtype }, perRow, perRow],
    {
      axis: { type: 'int', value: -1 },
      epsilon: { type: 'float', value: epsilon },
    },
  )
  return outputs as [Value, Value, Value]
}

/**
 * x ÷ √(mean(x²) + ε) · weight over the last axis (Zhang & Sennrich 2019), not by an operator, for that
 * of WebGPU does not give away 1 ÷ σ.
 * Gradient with g = dy · weight: (g − x̂ · mean(g · x̂)) ÷ σ; Σ dy · x̂.
 */
export function rmsNorm(graph: Graph, x: Value, weight: Value, epsilon: number): Value {
  expectFeatures('rmsNorm', x, weight)
  const [y, normalized, inverse] = graph.withoutRecording(() => {
    const inverse = inverseRoot(graph, meanOf(graph, mul(graph, x, x)), epsilon)
    const normalized = mul(graph, x, inverse)
    return [mul(graph, normalized, weight), normalized, inverse] as const
  })
  graph.differentiateAs('rmsNorm', [x, weight], y, (dy) => {
    const g = mul(graph, dy, weight)
    const along = mul(graph, normalized, meanOf(graph, mul(graph, g, normalized)))
    return [
      mul(graph, sub(graph, g, along), inverse),
      sumTo(graph, mul(graph, dy, normalized), weight.shape),
    ]
  })
  return y
}

function meanOf(graph: Graph, x: Value): Value {
  return reduceMean(graph, x, [-1], { keepDims: true })
}

function inverseRoot(graph: Graph, x: Value, epsilon: number): Value {
  const root = sqrt(graph, add(graph, x, graph.scalar(epsilon, x.dtype)))
  return div(graph, graph.scalar(1, x.dtype), root)
}

function expectFeatures(opType: string, x: Value, parameter: Value): void {
  if (sameShape(parameter.shape, x.shape.slice(-1))) return
  throw shapeError(opType, 'a parameter is not as long as the last axis', x, parameter)
}
