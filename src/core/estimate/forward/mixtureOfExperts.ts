import { activation, add, multiply, multiplyBroadcast, softmax } from '../tape/operators'
import type { Value } from '../tape/tape'
import type { BoundExperts } from './boundLayer'
import { activate, feedForward } from './feedForward'
import { applyLinear, type StepContext } from './stepContext'

/**
 * Routed experts: tokens are gathered per expert, pass its gated MLP, are weighted and added up. The
 * experts work one after the other, but what they save adds up to that of all routed tokens,
 * expertsPerToken times each. Borrows its input.
 */
export function mixtureOfExperts(c: StepContext, x: Value, bound: BoundExperts): Value {
  const t = c.tape
  const kind = t.memory.kind
  t.as('expert activations')
  const routed = routedExperts(c, x, bound)
  const output = bound.shared.length > 0 ? withSharedExpert(c, x, routed, bound) : routed
  t.memory.kind = kind
  return output
}

const fp32 = 4

function routedExperts(c: StepContext, x: Value, bound: BoundExperts): Value {
  const t = c.tape
  const { experts, hiddenSize, mlp } = c.architecture
  if (!experts) throw new Error('a layer of experts in a model without experts')
  const tokens = x.elements / hiddenSize
  const width = t.options.autocastWidth ?? x.width
  const logits = stackedLinear(c, x, bound.router, bound.routerElements, {
    elements: tokens * experts.expertCount,
    width,
  })
  const scores = softmax(t, logits, fp32)
  t.drop(logits)
  // Every token is copied for each expert that it goes to.
  const rows = tokens * experts.expertsPerToken
  const gathered = gather(c, x, rows * hiddenSize)
  const inner = rows * experts.expertIntermediateSize
  const share = 1 / (mlp.gated ? 3 : 2)
  const hidden = stackedLinear(c, gathered, bound.inputs, bound.matrixElements * (1 - share), {
    elements: mlp.gated ? 2 * inner : inner,
    width,
  })
  t.drop(gathered)
  const half = { ...hidden, elements: inner }
  const active = activate(c, half, mlp.activation)
  const product = mlp.gated ? multiply(t, active, half) : t.keep(active)
  t.drop(active)
  t.drop(hidden)
  const output = stackedLinear(c, product, bound.outputs, bound.matrixElements * share, {
    elements: rows * hiddenSize,
    width,
  })
  t.drop(product)
  const weighted = multiplyBroadcast(t, output, { ...scores, elements: rows })
  t.drop(output)
  t.drop(scores)
  const storage = t.allocate(x.elements * x.width)
  const sum = t.result(storage, x.elements, x.width, weighted.node !== null, [], () => {
    t.emit(weighted.node, t.allocate(weighted.elements * weighted.width))
  })
  t.drop(weighted)
  return sum
}

/** Rows picked by index; the gradient is scattered back into a tensor of the whole. */
function gather(c: StepContext, x: Value, elements: number): Value {
  const t = c.tape
  const storage = t.allocate(elements * x.width)
  return t.result(storage, elements, x.width, x.node !== null, [], () => {
    t.emit(x.node, t.allocate(x.elements * x.width))
  })
}

function stackedLinear(
  c: StepContext,
  x: Value,
  parameter: BoundExperts['inputs'],
  weightElements: number,
  output: { readonly elements: number; readonly width: number },
): Value {
  const t = c.tape
  const isRecording = t.mode !== 'inference' && (x.node !== null || parameter !== null)
  const target = isRecording ? t.use(parameter) : null
  const node = isRecording
    ? t.record([parameter ? x.storage : null], () => {
        const forWeight = target ? t.allocate(weightElements * c.width) : null
        const forX = x.node ? t.allocate(x.elements * x.width) : null
        if (forX) t.emit(x.node, forX)
        if (forWeight) t.emit(target, forWeight)
      })
    : null
  return { storage: t.allocate(output.elements * output.width), ...output, node }
}

/** The expert that sees every token, scaled by its own gate where it has one (qwen2-moe). */
function withSharedExpert(c: StepContext, x: Value, routed: Value, bound: BoundExperts): Value {
  const t = c.tape
  const hasGate = c.architecture.experts?.sharedGate ?? false
  const matrices = hasGate ? bound.shared.slice(0, -1) : bound.shared
  let shared = feedForward(c, x, matrices)
  const gateLayer = hasGate ? bound.shared.at(-1) : undefined
  if (gateLayer) {
    const gate = applyLinear(c, x, gateLayer)
    const open = activation(t, gate, 'output')
    t.drop(gate)
    const scaled = multiplyBroadcast(t, shared, open)
    t.drop(shared)
    t.drop(open)
    shared = scaled
  }
  const sum = add(t, routed, shared)
  t.drop(routed)
  t.drop(shared)
  return sum
}
