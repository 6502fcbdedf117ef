import { Float16Array } from '@petamoriken/float16'
import type { Weights } from './networks/network'
import type { FrozenTensor } from './parameterPlan'

/** The largest integer of each width; the smallest is one further from 0 and not used. */
const largest = { int8: 127, int4: 7 } as const

/**
 * The numbers of a frozen tensor out of the network's weights. Integers are w ÷ scale, rounded, the
 * scale being the largest |w| of a block ÷ 127 (int8) or 7 (int4), rounded as it will be stored.
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
  const steps = blockScales(values, integers, scales)
  if (tensor.part === 'scales') return steps
  const [, outputs] = integers.shape as [number, number]
  const blockSize = integers.shape[0]! / scales.shape[0]!
  return values.map((value, index) => {
    const block = Math.floor(Math.floor(index / outputs) / blockSize)
    const step = steps[block * outputs + (index % outputs)]!
    return step === 0 ? 0 : clamp(Math.round(value / step), largest[widthOf(integers)])
  })
}

function blockScales(
  values: Float32Array,
  integers: FrozenTensor,
  scales: FrozenTensor,
): Float32Array {
  const [inputs, outputs] = integers.shape as [number, number]
  const blockSize = inputs / scales.shape[0]!
  const peaks = new Float32Array(scales.shape[0]! * outputs)
  values.forEach((value, index) => {
    const place = Math.floor(Math.floor(index / outputs) / blockSize) * outputs + (index % outputs)
    peaks[place] = Math.max(peaks[place]!, Math.abs(value))
  })
  const steps = peaks.map((peak) => peak / largest[widthOf(integers)])
  return scales.dtype === 'fp16' ? Float32Array.from(Float16Array.from(steps)) : steps
}

function widthOf({ dtype }: FrozenTensor): keyof typeof largest {
  return dtype === 'int4' ? 'int4' : 'int8'
}

function clamp(value: number, limit: number): number {
  return Math.max(-limit, Math.min(limit, value))
}
