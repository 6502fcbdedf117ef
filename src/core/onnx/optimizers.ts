import type { DataType } from '../dtype'
import { elementCount, type Graph, type Value } from './graph'
import { dequantizeBlocks, quantizeBlocks } from './ops/blockwise'
import { add, div, mul, sqrt, sub } from './ops/elementwise'
import { reshape } from './ops/reshape'
import { concat, slice } from './ops/slice'
import { expand } from './ops/sum'
import type { TrainingOptimizer } from './trainingOptions'
import type { UpdateUnit } from './updateUnits'

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
  /** 1 − β₁ᵗ, t being the number of this step; null for optimizers without moments. */
  readonly correction1: Value | null
  /** 1 − β₂ᵗ. */
  readonly correction2: Value | null
}

/** A tensor that an optimizer keeps for a weight, 0 at the start. */
export interface OptimizerStateTensor {
  /** Appended to the weight's name. */
  readonly suffix: string
  readonly dtype: DataType
  readonly shape: readonly number[]
}

/**
 * Elements with one scale in the states of `adamw8bit`: 2 · (1 + 4 ÷ 128) = 2.06 bytes per parameter.
 */
const blockSize = 128

/**
 * SGD keeps nothing, momentum one tensor of the weight's size, Adam two; 8-bit AdamW integers and
 * scales, but of small tensors, as bitsandbytes, what AdamW keeps.
 */
export function optimizerStates(
  optimizer: TrainingOptimizer,
  { shape, isSmall }: Pick<UpdateUnit, 'shape' | 'isSmall'>,
): readonly OptimizerStateTensor[] {
  if (optimizer === 'adamw8bit' && isSmall) return optimizerStates('adamw', { shape, isSmall })
  const full = (suffix: string) => ({ suffix, dtype: 'fp32', shape }) as const
  switch (optimizer) {
    case 'sgd':
      return []
    case 'momentum':
      return [full('momentum')]
    case 'adam':
    case 'adamw':
      return [full('m'), full('v')]
    case 'adamw8bit': {
      const blocks = Math.ceil(elementCount(shape) / blockSize)
      const integers = [blocks, blockSize]
      return [
        { suffix: 'm', dtype: 'int8', shape: integers },
        { suffix: 'm.scale', dtype: 'fp32', shape: [blocks] },
        { suffix: 'rootV', dtype: 'uint8', shape: integers },
        { suffix: 'rootV.scale', dtype: 'fp32', shape: [blocks] },
      ]
    }
  }
}

export function hasMoments(optimizer: TrainingOptimizer): boolean {
  return optimizer !== 'sgd' && optimizer !== 'momentum'
}

export interface ParameterUpdate {
  readonly weight: Value
  /** In the order of `optimizerStates`. */
  readonly states: readonly Value[]
}

type Update = (weight: Value, gradient: Value, states: readonly Value[]) => ParameterUpdate

export interface UpdateOptions {
  readonly settings: OptimizerSettings
  /** What is left of an fp32 tensor after the step: the new one, or where it is skipped the old one. */
  readonly keep: (before: Value, after: Value) => Value
}

/**
 * One step of an optimizer, all in fp32, as torch.optim computes it: SGD w − lr·g; momentum
 * b ← μ·b + g, w − lr·b; Adam (Kingma & Ba 2015) and AdamW (Loshchilov & Hutter 2019):
 * m ← β₁m + (1−β₁)g, v ← β₂v + (1−β₂)g², w − lr·m̂ ÷ (√v̂ + ε), AdamW after w·(1 − lr·λ).
 *
 * What is kept is m ÷ (1−β₁) and v ÷ (1−β₂), and all factors are drawn together into three scalars, so
 * that eleven passes over the weight are left of sixteen. `adamw8bit` keeps √v instead of v, whose
 * range 8 bits do not hold, and takes this step by the moments before they are rounded (Dettmers et
 * al. 2022 keep them alike in blocks, by a table instead of evenly).
 */
export function createUpdate(
  graph: Graph,
  optimizer: TrainingOptimizer,
  scalars: OptimizerScalars,
  { settings, keep }: UpdateOptions,
): Update {
  const constant = (value: number) => graph.scalar(value, 'fp32')
  const { learningRate } = scalars
  const decayed = (state: Value, value: Value, factor: number) =>
    add(graph, mul(graph, state, constant(factor)), value)

  if (optimizer === 'sgd') {
    return (weight, gradient) => ({
      weight: keep(weight, sub(graph, weight, mul(graph, gradient, learningRate))),
      states: [],
    })
  }
  if (optimizer === 'momentum') {
    return (weight, gradient, [before]) => {
      const buffer = decayed(before!, gradient, settings.momentum)
      const moved = sub(graph, weight, mul(graph, buffer, learningRate))
      return { weight: keep(weight, moved), states: [keep(before!, buffer)] }
    }
  }
  const adam = adamScalars(graph, optimizer, scalars, settings)
  const moved = (weight: Value, m: Value, rootV: Value) => {
    const direction = div(graph, m, add(graph, rootV, adam.epsilon))
    const kept = adam.decay ? mul(graph, weight, adam.decay) : weight
    return sub(graph, kept, mul(graph, reshape(graph, direction, weight.shape), adam.rate))
  }
  const updateFull: Update = (weight, gradient, [mBefore, vBefore]) => {
    const m = decayed(mBefore!, gradient, settings.beta1)
    const v = decayed(vBefore!, mul(graph, gradient, gradient), settings.beta2)
    const next = moved(weight, m, sqrt(graph, v))
    return { weight: keep(weight, next), states: [keep(mBefore!, m), keep(vBefore!, v)] }
  }
  if (optimizer !== 'adamw8bit') return updateFull
  return (weight, gradient, states) => {
    if (states.length === 2) return updateFull(weight, gradient, states)
    const [m8, mScales, rootV8, rootVScales] = states
    const g = filledBlocks(graph, gradient)
    const mBefore = dequantizeBlocks(graph, { integers: m8!, scales: mScales! })
    const rootVBefore = dequantizeBlocks(graph, { integers: rootV8!, scales: rootVScales! })
    const m = decayed(mBefore, g, settings.beta1)
    const vBefore = mul(graph, rootVBefore, rootVBefore)
    const rootV = sqrt(graph, decayed(vBefore, mul(graph, g, g), settings.beta2))
    const [mAfter, rootVAfter] = [
      quantizeBlocks(graph, keep(mBefore, m), 'int8'),
      quantizeBlocks(graph, keep(rootVBefore, rootV), 'uint8'),
    ]
    const count = elementCount(weight.shape)
    const flat = (blocks: Value) =>
      slice(graph, reshape(graph, blocks, [elementCount(blocks.shape)]), 0, 0, count)
    const next = moved(reshape(graph, weight, [count]), flat(m), flat(rootV))
    return {
      weight: keep(weight, reshape(graph, next, weight.shape)),
      states: [mAfter.integers, mAfter.scales, rootVAfter.integers, rootVAfter.scales],
    }
  }
}

interface AdamScalars {
  /** What m ÷ (√v + `epsilon`) of the moments as they are kept is multiplied with. */
  readonly rate: Value
  readonly epsilon: Value
  /** What the weight is multiplied with before; null without decay. */
  readonly decay: Value | null
}

function adamScalars(
  graph: Graph,
  optimizer: TrainingOptimizer,
  { learningRate, correction1, correction2 }: OptimizerScalars,
  { beta1, beta2, epsilon, weightDecay }: OptimizerSettings,
): AdamScalars {
  if (!correction1 || !correction2) {
    throw new Error(`${optimizer} corrects its moments: feed both corrections`)
  }
  const constant = (value: number) => graph.scalar(value, 'fp32')
  const root = sqrt(graph, correction2)
  const rate = mul(graph, learningRate, constant((1 - beta1) / Math.sqrt(1 - beta2)))
  return {
    rate: div(graph, mul(graph, rate, root), correction1),
    epsilon: mul(graph, root, constant(epsilon / Math.sqrt(1 - beta2))),
    decay:
      optimizer === 'adam'
        ? null
        : sub(graph, constant(1), mul(graph, learningRate, constant(weightDecay))),
  }
}

/** All elements in blocks, the last filled up with zeros. */
function filledBlocks(graph: Graph, x: Value): Value {
  const count = elementCount(x.shape)
  const missing = -count & (blockSize - 1)
  const flat = reshape(graph, x, [count])
  const zeros = missing === 0 ? [] : [expand(graph, graph.scalar(0, x.dtype), [missing])]
  return reshape(graph, concat(graph, [flat, ...zeros], 0), [
    (count + missing) / blockSize,
    blockSize,
  ])
}
