import type { OptimizerName } from '../plan/workload'
import { type Graph, type Value } from './graph'
import { add, div, mul, sqrt, sub } from './ops/elementwise'

/** Everything but the learning rate, which is fed at each step. */
export interface OptimizerSettings {
  readonly momentum: number
  readonly beta1: number
  readonly beta2: number
  readonly epsilon: number
  /** Decoupled (AdamW); the other optimizers take none. */
  readonly weightDecay: number
}

/** PyTorch's defaults. */
export const defaultOptimizerSettings: OptimizerSettings = {
  momentum: 0.9,
  beta1: 0.9,
  beta2: 0.999,
  epsilon: 1e-8,
  weightDecay: 0.01,
}

/** fp32 scalars that change from step to step. */
export interface OptimizerScalars {
  readonly learningRate: Value
  /** 1 ÷ (1 − β₁ᵗ); null for optimizers without moments. */
  readonly inverseCorrection1: Value | null
  /** 1 ÷ √(1 − β₂ᵗ). */
  readonly inverseRootCorrection2: Value | null
}

/** State tensors per parameter, each of the parameter's size in fp32: SGD none, momentum one, Adam two. */
export const optimizerStateNames: Readonly<Record<OptimizerName, readonly string[]>> = {
  sgd: [],
  momentum: ['momentum'],
  adam: ['m', 'v'],
  adamw: ['m', 'v'],
}

export function hasMoments(optimizer: OptimizerName): boolean {
  return optimizer === 'adam' || optimizer === 'adamw'
}

export interface ParameterUpdate {
  readonly weight: Value
  /** In the order of `optimizerStateNames`. */
  readonly states: readonly Value[]
}

/**
 * One step of the optimizer on one parameter, all in fp32, as torch.optim computes it:
 * SGD w − lr·g; momentum b ← μ·b + g, w − lr·b; Adam (Kingma & Ba 2015) and AdamW (Loshchilov &
 * Hutter 2019): m ← β₁m + (1−β₁)g, v ← β₂v + (1−β₂)g², w − lr·m̂ ÷ (√v̂ + ε), AdamW after w·(1 − lr·λ).
 */
export function updateParameter(
  graph: Graph,
  optimizer: OptimizerName,
  { weight, gradient, states }: { weight: Value; gradient: Value; states: readonly Value[] },
  scalars: OptimizerScalars,
  settings: OptimizerSettings,
): ParameterUpdate {
  const constant = (value: number) => graph.scalar(value, 'fp32')
  const { learningRate } = scalars
  const descend = (from: Value, direction: Value) =>
    sub(graph, from, mul(graph, direction, learningRate))
  const blend = (state: Value, value: Value, share: number) =>
    add(graph, mul(graph, state, constant(share)), mul(graph, value, constant(1 - share)))

  if (optimizer === 'sgd') return { weight: descend(weight, gradient), states: [] }
  if (optimizer === 'momentum') {
    const buffer = add(graph, mul(graph, states[0]!, constant(settings.momentum)), gradient)
    return { weight: descend(weight, buffer), states: [buffer] }
  }
  const { inverseCorrection1, inverseRootCorrection2 } = scalars
  if (!inverseCorrection1 || !inverseRootCorrection2) {
    throw new Error(`${optimizer} corrects its moments: feed both corrections`)
  }
  const m = blend(states[0]!, gradient, settings.beta1)
  const v = blend(states[1]!, mul(graph, gradient, gradient), settings.beta2)
  const root = mul(graph, sqrt(graph, v), inverseRootCorrection2)
  const direction = div(
    graph,
    mul(graph, m, inverseCorrection1),
    add(graph, root, constant(settings.epsilon)),
  )
  const decayed =
    optimizer === 'adamw'
      ? sub(
          graph,
          weight,
          mul(graph, weight, mul(graph, learningRate, constant(settings.weightDecay))),
        )
      : weight
  return { weight: descend(decayed, direction), states: [m, v] }
}
