import type { Architecture, ModelHead } from '../../models/architecture'
import type { LinearShape } from '../../models/layerShape'
import type { Storage } from '../tape/liveMemory'
import { type LinearWeight, linear } from '../tape/linear'
import { add, cast, dropout, scale } from '../tape/operators'
import type { GraphNode, Tape, Value } from '../tape/tape'

/** LoRA as PEFT builds it; null where no adapters are trained. */
export interface AdapterSettings {
  readonly rank: number
  readonly width: number
  readonly dropout: number
  /** Whether the linear layer of this name gets an adapter. */
  readonly targets: (name: string) => boolean
}

/** Everything that the forward pass of one step depends on. */
export interface StepContext {
  readonly tape: Tape
  readonly architecture: Architecture
  readonly head: ModelHead
  readonly batchSize: number
  readonly sequenceLength: number
  /** Tokens that the other stack of an encoder–decoder sees; the same elsewhere. */
  readonly encoderLength: number
  readonly attention: 'sdpa' | 'flash' | 'eager'
  /** Bytes per element of the weights that operators compute with. */
  readonly width: number
  /** Bytes per element of norms, embeddings and head, where preparing for k-bit training widens them. */
  readonly unquantizedWidth: number
  readonly baseTrainable: boolean
  readonly quantized: LinearWeight['quantized']
  readonly quantizedNames: (name: string) => boolean
  readonly adapter: AdapterSettings | null
  /** Modules that PEFT copies and trains beside the adapters. */
  readonly trainsModule: (name: string) => boolean
  readonly trainedLogits: 'all' | 'last'
  readonly chunkedLoss: boolean
}

/** A linear layer with its adapter, as bound for one pass. */
export interface BoundLinear {
  readonly base: LinearWeight
  readonly down: LinearWeight | null
  readonly up: LinearWeight | null
}

/** A vector parameter (norm, bias) or a table. */
export interface BoundParameter {
  readonly elements: number
  readonly width: number
  readonly parameter: GraphNode | null
}

/** Weights are counted elsewhere: a view of one takes no bytes here. */
const stored: Storage = { bytes: 0, holders: Number.MAX_SAFE_INTEGER, kind: 0 }

export function bindLinear(c: StepContext, shape: LinearShape, isHead = false): BoundLinear {
  const { tape, adapter } = c
  const elements = shape.inputSize * shape.outputSize
  const trainable = c.baseTrainable || c.trainsModule(shape.name)
  const quantized = !isHead && c.quantized && c.quantizedNames(shape.name) ? c.quantized : null
  const width = isHead ? c.unquantizedWidth : c.width
  const base: LinearWeight = {
    elements,
    inputSize: shape.inputSize,
    outputSize: shape.outputSize,
    width,
    parameter: trainable ? tape.parameter() : null,
    biasParameter: trainable && shape.bias ? tape.parameter() : null,
    hasBias: shape.bias,
    quantized,
  }
  if (!adapter || isHead || !adapter.targets(shape.name)) return { base, down: null, up: null }
  const matrix = (inputSize: number, outputSize: number): LinearWeight => ({
    elements: inputSize * outputSize,
    inputSize,
    outputSize,
    width: adapter.width,
    parameter: tape.parameter(),
    biasParameter: null,
    hasBias: false,
    quantized: null,
  })
  return {
    base,
    down: matrix(shape.inputSize, adapter.rank),
    up: matrix(adapter.rank, shape.outputSize),
  }
}

export function bindParameter(
  c: StepContext,
  elements: number,
  isTrained = c.baseTrainable,
): BoundParameter {
  return {
    elements,
    width: c.unquantizedWidth,
    parameter: c.baseTrainable || isTrained ? c.tape.parameter() : null,
  }
}

/** A parameter as an operand. */
export function operand(t: Tape, p: BoundParameter): Value {
  return { storage: stored, elements: p.elements, width: p.width, node: t.use(p.parameter) }
}

/**
 * A linear layer, with PEFT's lora.Linear around it where it is adapted:
 * `base(x) + B(A(dropout(x in the adapter's type))) × scaling`, back in the base's type. The copy of
 * the input, the dropped input and its mask, and two outputs in the adapter's type are what LoRA
 * costs in activations.
 */
export function applyLinear(c: StepContext, x: Value, layer: BoundLinear): Value {
  const t = c.tape
  const base = linear(t, x, layer.base)
  const { down, up } = layer
  if (!down || !up || !c.adapter) return base
  const kind = t.memory.kind
  t.as('adapter activations')
  const input = cast(t, x, down.width)
  const dropped = dropout(t, input, c.adapter.dropout)
  const low = linear(t, dropped, down)
  t.drop(dropped)
  const high = linear(t, low, up)
  t.drop(low)
  const scaled = scale(t, high)
  t.drop(high)
  t.memory.kind = kind
  const sum = add(t, base, scaled)
  t.drop(scaled)
  const output = cast(t, sum, base.width)
  t.drop(sum)
  t.drop(input)
  t.drop(base)
  return output
}
