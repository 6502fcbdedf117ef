import type { LinearShape } from '../../models/layerShape'
import { headTransform, projections } from '../linearNames'
import type { Storage } from '../tape/liveMemory'
import { activation, addConstant, cast, scale } from '../tape/operators'
import type { Value } from '../tape/tape'
import { bindNorm } from './boundLayer'
import { activate } from './feedForward'
import { type BoundNorm, normalise } from './normalise'
import {
  applyLinear,
  bindLinear,
  type BoundLinear,
  type BoundParameter,
  type StepContext,
} from './stepContext'

const fp32 = 4

export interface BoundHead {
  /** Back to the embedding's width, where that is another. */
  readonly projection: BoundLinear | null
  readonly transform: BoundLinear | null
  readonly transformNorm: BoundNorm | null
  readonly output: BoundLinear
}

/** The head's weights; a tied matrix shares the embedding's place for its gradient. */
export function bindHead(c: StepContext, embedding: BoundParameter): BoundHead {
  const a = c.architecture
  const width = a.embedding.projectedFrom ?? a.hiddenSize
  const isClassifier = c.head === 'sequenceClassification'
  const shape: LinearShape = {
    name: a.moduleNames.head,
    inputSize: width,
    outputSize: isClassifier ? 2 : a.embedding.vocabSize,
    bias: a.head.bias,
  }
  const output = bindLinear(c, shape, true)
  const [, projection] = projections(a)
  const hasTransform = a.head.transform && !isClassifier
  return {
    projection: projection && !isClassifier ? bindLinear(c, projection) : null,
    transform: hasTransform ? bindLinear(c, headTransform(a)) : null,
    transformNorm: hasTransform ? bindNorm(c) : null,
    output:
      a.head.tied && !isClassifier
        ? { ...output, base: { ...output.base, parameter: embedding.parameter } }
        : output,
  }
}

/** Logits from the last hidden state; takes over the hidden state. */
export function logitsOf(c: StepContext, hidden: Value, bound: BoundHead): Value {
  const t = c.tape
  t.as('logits and loss')
  let x = hidden
  if (bound.transform && bound.transformNorm) {
    const dense = applyLinear(c, x, bound.transform)
    t.drop(x)
    const active = activate(c, dense, c.architecture.mlp.activation)
    t.drop(dense)
    x = normalise(t, active, bound.transformNorm)
    t.drop(active)
  }
  if (bound.projection) {
    const projected = applyLinear(c, x, bound.projection)
    t.drop(x)
    x = projected
  }
  let logits = applyLinear(c, x, bound.output)
  t.drop(x)
  if (c.architecture.head.constantBias) {
    const shifted = addConstant(t, logits)
    t.drop(logits)
    logits = shifted
  }
  if (c.architecture.head.logitSoftcapping) {
    const divided = scale(t, logits)
    t.drop(logits)
    const squashed = activation(t, divided, 'output')
    t.drop(divided)
    logits = scale(t, squashed)
    t.drop(squashed)
  }
  return logits
}

/**
 * Cross-entropy of the reference's loss: logits in fp32, their log-softmax kept, and in the backward
 * pass two more tensors of that size at once. Returns the gradient-bearing end of the graph; takes
 * over the logits.
 */
export function crossEntropy(c: StepContext, logits: Value, upcast: boolean): Value {
  const t = c.tape
  t.as('logits and loss')
  const wide = cast(t, logits, upcast ? fp32 : logits.width)
  const logProbabilities = t.allocate(wide.elements * wide.width)
  const saved: readonly Storage[] = [logProbabilities]
  const loss = t.result(logProbabilities, wide.elements, wide.width, true, saved, () => {
    const fromLoss = t.allocate(wide.elements * wide.width)
    const gradient = t.allocate(wide.elements * wide.width)
    t.memory.release(fromLoss)
    t.emit(wide.node, gradient)
  })
  t.drop(wide)
  t.drop(logits)
  return loss
}
