import type { Storage } from './liveMemory'
import { cast } from './operators'
import type { GraphNode, Tape, Value } from './tape'

/** A weight matrix as the step sees it; its own bytes are counted as weights, not here. */
export interface LinearWeight {
  readonly elements: number
  readonly inputSize: number
  readonly outputSize: number
  /** Bytes per element that operators compute with before autocast; the stored ones may be fewer. */
  readonly width: number
  /** Where its gradient goes; null where it is frozen. */
  readonly parameter: GraphNode | null
  readonly biasParameter: GraphNode | null
  readonly hasBias: boolean
  /**
   * Stored in few bits: `dequantize` expands the matrix for each product (bitsandbytes 4-bit, GPTQ),
   * `int8` multiplies in integers and expands it for the gradient only (LLM.int8()).
   */
  readonly quantized: 'dequantize' | 'int8' | null
}

/** Bytes of an element of LLM.int8()'s accumulators. */
const int32Width = 4

/**
 * `y = x Wᵀ (+ b)`. Saves the input for the weight's gradient and the weight for the input's; under
 * autocast both are 16-bit copies, that of a trainable weight made once and kept until the context
 * is left, that of a frozen one made at every use.
 */
export function linear(t: Tape, x: Value, weight: LinearWeight): Value {
  // Kernels for few bits compute in the stated type and give their result in the input's.
  const computeWidth = t.options.autocastWidth ?? (weight.quantized ? weight.width : x.width)
  const input = cast(t, x, computeWidth)
  const copy = weightCopy(t, weight, computeWidth)
  const rows = x.elements / weight.inputSize
  const elements = rows * weight.outputSize
  const forWeight = copy?.node ?? weight.parameter
  const needsGradient = input.node !== null || forWeight !== null
  const node =
    needsGradient && t.mode !== 'inference'
      ? t.record(
          [forWeight ? input.storage : null, input.node ? (copy?.storage ?? null) : null],
          linearBackward(t, input, weight, forWeight, computeWidth),
        )
      : null
  const temporary = quantizedTemporary(t, weight, input, elements, computeWidth)
  const storage = t.allocate(elements * computeWidth)
  for (const each of temporary) t.memory.release(each)
  t.drop(input)
  if (copy) t.drop(copy)
  const output: Value = { storage, elements, width: computeWidth, node }
  if (!weight.quantized || computeWidth === x.width) return output
  const back = cast(t, output, x.width)
  t.drop(output)
  return back
}

function weightCopy(t: Tape, weight: LinearWeight, width: number): Value | null {
  if (weight.width === width || weight.quantized) return null
  const make = (): Value => {
    const kind = t.memory.kind
    t.as('16-bit copies of weights')
    const storage = t.allocate(weight.elements * width)
    t.memory.kind = kind
    t.use(weight.parameter)
    return t.result(storage, weight.elements, width, weight.parameter !== null, [], () => {
      t.emit(weight.parameter, t.allocate(weight.elements * weight.width))
    })
  }
  return weight.parameter ? t.keep(t.autocastCopy(weight.parameter, make)) : make()
}

function quantizedTemporary(
  t: Tape,
  weight: LinearWeight,
  input: Value,
  outputElements: number,
  width: number,
): readonly Storage[] {
  if (!weight.quantized) return []
  // A single row has kernels that expand values as they multiply (bitsandbytes gemv_4bit, AutoAWQ).
  const isRow = t.mode === 'inference' && input.elements === weight.inputSize
  if (isRow && weight.quantized === 'dequantize') return []
  const kind = t.memory.kind
  t.as('dequantized weights')
  const made =
    weight.quantized === 'dequantize'
      ? [t.allocate(weight.elements * width)]
      : [t.allocate(input.elements), t.allocate(outputElements * int32Width)]
  t.memory.kind = kind
  return made
}

function linearBackward(
  t: Tape,
  input: Value,
  weight: LinearWeight,
  forWeight: GraphNode | null,
  width: number,
): () => void {
  if (forWeight?.isParameter) t.use(forWeight)
  if (weight.biasParameter) t.use(weight.biasParameter)
  return () => {
    const bias = weight.biasParameter ? t.allocate(weight.outputSize * width) : null
    const gradient = forWeight ? t.allocate(weight.elements * width) : null
    let inputGradient: Storage | null = null
    if (input.node) {
      const expanded = weight.quantized ? t.allocate(weight.elements * width) : null
      inputGradient = t.allocate(input.elements * width)
      if (expanded) t.memory.release(expanded)
    }
    if (bias) t.emit(weight.biasParameter, bias)
    if (inputGradient) t.emit(input.node, inputGradient)
    if (gradient) t.emit(forWeight, gradient)
  }
}
