import {
  activation,
  addConstant,
  cast,
  meanOfRows,
  multiplyBroadcast,
  power,
} from '../tape/operators'
import type { Tape, Value } from '../tape/tape'
import type { NormType } from '../../models/architecture'
import { type BoundParameter, operand } from './stepContext'

const fp32 = 4

export interface BoundNorm {
  readonly type: NormType
  readonly weight: BoundParameter
  readonly bias: BoundParameter | null
}

/** Normalises rows of `weight.elements`; which tensors stay depends on how it is written out. */
export function normalise(t: Tape, x: Value, norm: BoundNorm): Value {
  const kind = t.memory.kind
  t.as('normalisation')
  const output = normaliseAs(t, x, norm)
  t.memory.kind = kind
  return output
}

function normaliseAs(t: Tape, x: Value, norm: BoundNorm): Value {
  switch (norm.type) {
    case 'layerNorm':
      return layerNorm(t, x, norm)
    case 'layerNormFp32': {
      const wide = cast(t, x, fp32)
      const normalised = layerNorm(t, wide, norm)
      t.drop(wide)
      const narrow = cast(t, normalised, x.width)
      t.drop(normalised)
      return narrow
    }
    case 'rms':
      return rmsNorm(t, x, norm.weight)
    case 'rmsGemma':
      return rmsNormGemma(t, x, norm.weight)
    case 'rmsT5':
      return rmsNormT5(t, x, norm.weight)
  }
}

/** One kernel: keeps its input and two statistics per row in fp32 (aten::native_layer_norm). */
function layerNorm(t: Tape, x: Value, { weight, bias }: BoundNorm): Value {
  const rows = x.elements / weight.elements
  const output = t.allocate(x.elements * x.width)
  const statistics = t.allocate(2 * rows * fp32)
  const w = operand(t, weight)
  const b = bias ? operand(t, bias) : null
  const needsGradient = x.node !== null || w.node !== null
  const result = t.result(
    output,
    x.elements,
    x.width,
    needsGradient,
    [x.storage, statistics],
    () => {
      const forX = x.node ? t.allocate(x.elements * x.width) : null
      const forWeight = w.node ? t.allocate(weight.elements * weight.width) : null
      const forBias = b?.node ? t.allocate(weight.elements * weight.width) : null
      if (forX) t.emit(x.node, forX)
      if (forWeight) t.emit(w.node, forWeight)
      if (forBias && b) t.emit(b.node, forBias)
    },
  )
  t.memory.release(statistics)
  return result
}

/** `1 / √(mean(x²) + ε)` per row. */
function inverseRootMeanSquare(t: Tape, x: Value, rows: number): Value {
  const squares = power(t, x)
  const mean = meanOfRows(t, squares, rows)
  t.drop(squares)
  const shifted = addConstant(t, mean)
  t.drop(mean)
  const inverse = activation(t, shifted, 'output')
  t.drop(shifted)
  return inverse
}

/** llama: the row in fp32, normalised there, cast back, then scaled. */
function rmsNorm(t: Tape, x: Value, weight: BoundParameter): Value {
  const wide = cast(t, x, fp32)
  const inverse = inverseRootMeanSquare(t, wide, x.elements / weight.elements)
  const normalised = multiplyBroadcast(t, wide, inverse)
  t.drop(inverse)
  t.drop(wide)
  const narrow = cast(t, normalised, x.width)
  const output = multiplyBroadcast(t, narrow, operand(t, weight))
  t.drop(narrow)
  t.drop(normalised)
  return output
}

/** gemma: scaled by 1 + weight in fp32, cast back last. */
function rmsNormGemma(t: Tape, x: Value, weight: BoundParameter): Value {
  const wide = cast(t, x, fp32)
  const inverse = inverseRootMeanSquare(t, wide, x.elements / weight.elements)
  const normalised = multiplyBroadcast(t, wide, inverse)
  t.drop(inverse)
  t.drop(wide)
  const factor = cast(t, operand(t, weight), fp32)
  const scaled = multiplyBroadcast(t, normalised, factor)
  t.drop(normalised)
  const output = cast(t, scaled, x.width)
  t.drop(scaled)
  return output
}

/** t5: only the variance is taken in fp32; the product with the input promotes to it. */
function rmsNormT5(t: Tape, x: Value, weight: BoundParameter): Value {
  const wide = cast(t, x, fp32)
  const squares = power(t, wide)
  t.drop(wide)
  const mean = meanOfRows(t, squares, x.elements / weight.elements)
  t.drop(squares)
  const shifted = addConstant(t, mean)
  const inverse = activation(t, shifted, 'output')
  t.drop(shifted)
  const normalised = multiplyBroadcast(t, x, inverse)
  t.drop(inverse)
  t.drop(mean)
  const narrow = cast(t, normalised, Math.min(normalised.width, weight.width))
  t.drop(normalised)
  const output = multiplyBroadcast(t, narrow, operand(t, weight))
  t.drop(narrow)
  return output
}
