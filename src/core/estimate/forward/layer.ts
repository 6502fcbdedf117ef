import { add, addInPlace, dropout } from '../tape/operators'
import type { Value } from '../tape/tape'
import type { BoundLayer } from './boundLayer'
import { feedForward } from './feedForward'
import { mixtureOfExperts } from './mixtureOfExperts'
import { type BoundNorm, normalise } from './normalise'
import { attentionBlock, type StackContext } from './selfAttention'
import type { StepContext } from './stepContext'

export interface LayerInput {
  readonly x: Value
  readonly stack: StackContext
  /** Output of the encoder, for the decoder of an encoder–decoder. */
  readonly encoded: Value | null
  readonly crossStack: StackContext | null
}

/**
 * One layer, in the order of the reference implementation: which variable holds which tensor for how
 * long decides the peak inside it. Borrows the hidden states; the caller's frame holds them until
 * the layer returns.
 */
export function layer(c: StepContext, bound: BoundLayer, input: LayerInput): Value {
  const kind = c.tape.memory.kind
  c.tape.as('hidden states')
  const output = layerOf(c, bound, input)
  c.tape.memory.kind = kind
  return output
}

function layerOf(c: StepContext, bound: BoundLayer, input: LayerInput): Value {
  switch (c.architecture.layout) {
    case 'pre':
      return preNorm(c, bound, input)
    case 'post':
      return postNorm(c, bound, input)
    case 'postBlock':
      return postBlock(c, bound, input)
    case 'sandwich':
      return sandwich(c, bound, input)
    case 'parallel':
    case 'parallelTwoNorms':
      return parallel(c, bound, input)
  }
}

function norm(bound: BoundLayer, index: number): BoundNorm {
  const found = bound.norms[index]
  if (!found) throw new Error(`a layer without norm ${index}`)
  return found
}

function mlp(c: StepContext, x: Value, bound: BoundLayer): Value {
  return bound.experts ? mixtureOfExperts(c, x, bound.experts) : feedForward(c, x, bound.mlp)
}

/** Adds what a block computed, after dropout, to the residual stream; takes over `addition`. */
function addResidual(
  c: StepContext,
  residual: Value,
  addition: Value,
  rate = c.architecture.residualDropout,
): Value {
  const t = c.tape
  const dropped = dropout(t, addition, rate)
  t.drop(addition)
  const sum = add(t, residual, dropped)
  t.drop(dropped)
  return sum
}

function attentionRate({ architecture: a }: StepContext): number {
  return a.attentionOutputDropout ? a.residualDropout : 0
}

function preNorm(c: StepContext, bound: BoundLayer, input: LayerInput): Value {
  const t = c.tape
  const { x, stack, encoded, crossStack } = input
  const normed = normalise(t, x, norm(bound, 0))
  const attended = attentionBlock(c, normed, normed, bound.attention, stack)
  t.drop(normed)
  let hidden = addResidual(c, x, attended.output)
  let crossWeights: Value | null = null
  if (bound.crossAttention && encoded && crossStack) {
    const crossNormed = normalise(t, hidden, norm(bound, 1))
    const crossed = attentionBlock(c, crossNormed, encoded, bound.crossAttention, crossStack)
    t.drop(crossNormed)
    const next = addResidual(c, hidden, crossed.output)
    t.drop(hidden)
    hidden = next
    crossWeights = crossed.weights
  }
  const secondNormed = normalise(t, hidden, norm(bound, bound.norms.length - 1))
  const computed = mlp(c, secondNormed, bound)
  t.drop(secondNormed)
  const output = addResidual(c, hidden, computed)
  t.drop(hidden)
  if (attended.weights) t.drop(attended.weights)
  if (crossWeights) t.drop(crossWeights)
  return output
}

function postNorm(c: StepContext, bound: BoundLayer, input: LayerInput): Value {
  const t = c.tape
  const { x, stack, encoded, crossStack } = input
  const attended = attentionBlock(c, x, x, bound.attention, stack)
  const sum = addResidual(c, x, attended.output, attentionRate(c))
  let hidden = normalise(t, sum, norm(bound, 0))
  t.drop(sum)
  let crossWeights: Value | null = null
  if (bound.crossAttention && encoded && crossStack) {
    const crossed = attentionBlock(c, hidden, encoded, bound.crossAttention, crossStack)
    const crossSum = addResidual(c, hidden, crossed.output)
    t.drop(hidden)
    hidden = normalise(t, crossSum, norm(bound, 1))
    t.drop(crossSum)
    crossWeights = crossed.weights
  }
  const computed = mlp(c, hidden, bound)
  const lastSum = addResidual(c, hidden, computed)
  const output = normalise(t, lastSum, norm(bound, bound.norms.length - 1))
  t.drop(lastSum)
  t.drop(hidden)
  if (attended.weights) t.drop(attended.weights)
  if (crossWeights) t.drop(crossWeights)
  return output
}

function postBlock(c: StepContext, bound: BoundLayer, { x, stack }: LayerInput): Value {
  const t = c.tape
  const attended = attentionBlock(c, x, x, bound.attention, stack)
  const attention = normalise(t, attended.output, norm(bound, 0))
  t.drop(attended.output)
  const hidden = add(t, x, attention)
  t.drop(attention)
  const computed = mlp(c, hidden, bound)
  const addition = normalise(t, computed, norm(bound, 1))
  t.drop(computed)
  const output = add(t, hidden, addition)
  t.drop(addition)
  t.drop(hidden)
  if (attended.weights) t.drop(attended.weights)
  return output
}

function sandwich(c: StepContext, bound: BoundLayer, { x, stack }: LayerInput): Value {
  const t = c.tape
  const normed = normalise(t, x, norm(bound, 0))
  const attended = attentionBlock(c, normed, normed, bound.attention, stack)
  t.drop(normed)
  const attention = normalise(t, attended.output, norm(bound, 1))
  t.drop(attended.output)
  const hidden = add(t, x, attention)
  t.drop(attention)
  const secondNormed = normalise(t, hidden, norm(bound, 2))
  const computed = mlp(c, secondNormed, bound)
  t.drop(secondNormed)
  const addition = normalise(t, computed, norm(bound, 3))
  t.drop(computed)
  const output = add(t, hidden, addition)
  t.drop(addition)
  t.drop(hidden)
  if (attended.weights) t.drop(attended.weights)
  return output
}

/** Attention and MLP see the same input; their outputs are summed with it at the end. */
function parallel(c: StepContext, bound: BoundLayer, { x, stack }: LayerInput): Value {
  const t = c.tape
  const rate = c.architecture.residualDropout
  const normed = normalise(t, x, norm(bound, 0))
  const attended = attentionBlock(c, normed, normed, bound.attention, stack)
  const attention = dropout(t, attended.output, rate)
  t.drop(attended.output)
  const isShared = c.architecture.layout === 'parallel'
  if (!isShared) t.drop(normed)
  const second = isShared ? normed : normalise(t, x, norm(bound, 1))
  const computed = mlp(c, second, bound)
  t.drop(second)
  const droppedMlp = dropout(t, computed, rate)
  t.drop(computed)
  // falcon adds the attention's output in place.
  const both =
    isShared && c.architecture.attention.keyValueHeadCount === 1
      ? addInPlace(t, droppedMlp, attention)
      : add(t, droppedMlp, attention)
  const output = add(t, both, x)
  for (const each of [both, droppedMlp, attention]) t.drop(each)
  if (attended.weights) t.drop(attended.weights)
  return output
}
