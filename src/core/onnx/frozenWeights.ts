import { Float16Array } from '@petamoriken/float16'
import type { Weights } from './networks/network'
import type { FrozenTensor } from './parameterPlan'

/** The largest integer of each width; the smallest is one further from 0 and not used. */
const largest = { int8: 127, int4: 7 } as const

/**
 * The numbers of a frozen tensor out of the network's weights. Integers are w ÷ scale, rounded, the
 * scale being the largest |w| of a block ÷ 127 (int8) or 7 (int4), rounded as it will be stored. Blocks
 * run along the inputs of one output after the other.
 */
export function frozenValues(
  tensor: FrozenTensor,
  frozen: readonly FrozenTensor[],
  weights: Weights,
): Float32Array {
  const values = weights.get(tensor.parameter)
  if (!values) throw new Error(`there are no weights for ${tensor.parameter}`)
  if (tensor.part === 'values') return values
  const find = (part: FrozenTensor['part']) =>
    frozen.find((each) => each.parameter === tensor.parameter && each.part === part)!
  const [integers, scales] = [find('integers'), find('scales')]
  const turned = outputByOutput(values, integers.parameterShape)
  const blockSize = integers.shape[1]!
  const limit = integers.dtype === 'int4' ? largest.int4 : largest.int8
  const steps = blockScales(turned, { blockSize, limit, dtype: scales.dtype })
  if (tensor.part === 'scales') return steps
  return turned.map((value, index) => {
    const step = steps[Math.floor(index / blockSize)]!
    return step === 0 ? 0 : clamp(Math.round(value / step), limit)
  })
}

/** [inputs, outputs] as [outputs, inputs]. */
function outputByOutput(values: Float32Array, shape: readonly number[]): Float32Array {
  const [inputs, outputs] = shape as [number, number]
  const turned = new Float32Array(values.length)
  for (let input = 0; input < inputs; input++) {
    for (let output = 0; output < outputs; output++) {
      turned[output * inputs + input] = values[input * outputs + output]!
    }
  }
  return turned
}

function blockScales(
  values: Float32Array,
  { blockSize, limit, dtype }: { blockSize: number; limit: number; dtype: FrozenTensor['dtype'] },
): Float32Array {
  const peaks = new Float32Array(values.length / blockSize)
  values.forEach((value, index) => {
    const block = Math.floor(index / blockSize)
    peaks[block] = Math.max(peaks[block]!, Math.abs(value))
  })
  const steps = peaks.map((peak) => peak / limit)
  return dtype === 'fp16' ? Float32Array.from(Float16Array.from(steps)) : steps
}

function clamp(value: number, limit: number): number {
  return Math.max(-limit, Math.min(limit, value))
}
