import {
  activation,
  add,
  addConstant,
  cast,
  dropout,
  multiply,
  multiplyConstant,
  power,
  scale,
  split,
} from '../tape/operators'
import type { Value } from '../tape/tape'
import type { Activation } from '../../models/architecture'
import { applyLinear, type BoundLinear, type StepContext } from './stepContext'

const fp32 = 4

/** The MLP of a layer; borrows its input. */
export function feedForward(c: StepContext, x: Value, layer: readonly BoundLinear[]): Value {
  const t = c.tape
  const kind = t.memory.kind
  t.as('feed-forward activations')
  const hidden = c.architecture.mlp.gated ? gatedHidden(c, x, layer) : plainHidden(c, x, layer)
  const dropped = dropout(t, hidden, c.architecture.activationDropout)
  t.drop(hidden)
  const output = applyLinear(c, dropped, last(layer))
  t.drop(dropped)
  t.memory.kind = kind
  return output
}

function last(layer: readonly BoundLinear[]): BoundLinear {
  const found = layer.at(-1)
  if (!found) throw new Error('an MLP without matrices')
  return found
}

function first(layer: readonly BoundLinear[]): BoundLinear {
  const [found] = layer
  if (!found) throw new Error('an MLP without matrices')
  return found
}

function plainHidden(c: StepContext, x: Value, layer: readonly BoundLinear[]): Value {
  const up = applyLinear(c, x, first(layer))
  const active = activate(c, up, c.architecture.mlp.activation)
  c.tape.drop(up)
  return active
}

function gatedHidden(c: StepContext, x: Value, layer: readonly BoundLinear[]): Value {
  const t = c.tape
  const { mlp } = c.architecture
  if (mlp.fusedGateUp) {
    const both = applyLinear(c, x, first(layer))
    const [gate, up] = split(t, both, [both.elements / 2, both.elements / 2])
    t.drop(both)
    if (!gate || !up) throw new Error('two halves were expected')
    const active = activate(c, gate, mlp.activation)
    const product = multiply(t, up, active)
    for (const each of [gate, up, active]) t.drop(each)
    return product
  }
  const [toGate, toUp] = layer
  if (!toGate || !toUp) throw new Error('gate and up were expected')
  const gate = applyLinear(c, x, toGate)
  const active = activate(c, gate, mlp.activation)
  t.drop(gate)
  const up = applyLinear(c, x, toUp)
  const product = multiply(t, active, up)
  t.drop(active)
  t.drop(up)
  return product
}

export function activate(c: StepContext, x: Value, name: Activation): Value {
  const t = c.tape
  switch (name) {
    case 'relu':
    case 'tanh':
      return activation(t, x, 'output')
    case 'relu2': {
      const positive = activation(t, x, 'output')
      const squared = power(t, positive)
      t.drop(positive)
      return squared
    }
    case 'quick_gelu': {
      const scaled = scale(t, x)
      const gate = activation(t, scaled, 'output')
      t.drop(scaled)
      const product = multiply(t, x, gate)
      t.drop(gate)
      return product
    }
    case 'xielu':
      return composedXielu(c, x)
    case 'gelu_new':
    case 'gelu_fast':
      return composedGelu(c, x)
    case 'silu':
    case 'gelu':
    case 'gelu_pytorch_tanh':
      return activation(t, x, 'input')
  }
}

/**
 * xIELU written out in Python: `αp·x·x + β·x` where x > 0, else `(expm1(min(x, ε)) − x)·αn + β·x`. Both
 * sides are computed for all elements, and `where` keeps which was chosen, a byte each.
 */
function composedXielu(c: StepContext, x: Value): Value {
  const t = c.tape
  const chosen = t.allocate(x.elements)
  const raised = multiplyConstant(t, x, x.width)
  const square = multiply(t, raised, x)
  t.drop(raised)
  const linear = scale(t, x)
  const positive = add(t, square, linear)
  t.drop(square)
  t.drop(linear)
  const bounded = activation(t, x, 'input')
  const power = activation(t, bounded, 'output')
  t.drop(bounded)
  const difference = add(t, power, x)
  t.drop(power)
  const weighted = multiplyConstant(t, difference, x.width)
  t.drop(difference)
  const slope = scale(t, x)
  const negative = add(t, weighted, slope)
  t.drop(weighted)
  t.drop(slope)
  const storage = t.allocate(x.elements * x.width)
  const needsGradient = positive.node !== null || negative.node !== null
  const result = t.result(storage, x.elements, x.width, needsGradient, [chosen], () => {
    const forPositive = t.allocate(x.elements * x.width)
    const forNegative = t.allocate(x.elements * x.width)
    t.emit(positive.node, forPositive)
    t.emit(negative.node, forNegative)
  })
  t.drop(positive)
  t.drop(negative)
  t.memory.release(chosen)
  return result
}

/**
 * GELU written out in Python, `0.5·x·(1 + tanh(√(2/π)·(x + 0.044715·x³)))`: seven tensors of its
 * size on the way, four of them saved. Under autocast CUDA takes the power in fp32.
 */
function composedGelu(c: StepContext, x: Value): Value {
  const t = c.tape
  const half = scale(t, x)
  const wide = cast(t, x, t.options.autocastWidth === null ? x.width : fp32)
  const cubed = power(t, wide)
  t.drop(wide)
  const weighted = scale(t, cubed)
  t.drop(cubed)
  const sum = add(t, x, weighted)
  t.drop(weighted)
  const argument = scale(t, sum)
  t.drop(sum)
  const squashed = activation(t, argument, 'output')
  t.drop(argument)
  const shifted = addConstant(t, squashed)
  t.drop(squashed)
  const product = multiply(t, half, shifted)
  t.drop(half)
  t.drop(shifted)
  return product
}
