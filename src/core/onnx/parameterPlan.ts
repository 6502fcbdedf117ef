import type { DataType } from '../dtype'
import type { Network, Parameter } from './networks/network'
import { isTarget, type TrainingMethod, type TrainingPrecision } from './trainingOptions'

/** A tensor that training reads and never changes. */
export interface FrozenTensor {
  readonly name: string
  readonly dtype: DataType
  readonly shape: readonly number[]
  /** The parameter of the network that it holds, or holds a part of. */
  readonly parameter: string
  readonly part: 'values' | 'integers' | 'scales'
}

/** JavaScript's tensors hold neither 4 bits nor, where it has a Float16Array, 16: such are stored in the model. */
export function isFed({ dtype }: FrozenTensor): boolean {
  return dtype !== 'int4' && dtype !== 'fp16'
}

/** What a method trains, and what it keeps as it is. */
export interface ParameterPlan {
  readonly trained: readonly Parameter[]
  readonly frozen: readonly FrozenTensor[]
  /** Names of the layers that have an adapter. */
  readonly adapted: ReadonlySet<string>
}

export function planParameters(
  network: Network,
  method: TrainingMethod,
  precision: TrainingPrecision,
): ParameterPlan {
  if (method.type === 'full') {
    return { trained: network.parameters, frozen: [], adapted: new Set() }
  }
  const shapes = new Map(network.parameters.map(({ name, shape }) => [name, shape]))
  const adapted = network.adaptableLayers.filter((layer) =>
    method.targets.some((target) => isTarget(layer, target)),
  )
  const trained = adapted.flatMap((layer): Parameter[] => {
    const [inputs, outputs] = shapes.get(`${layer}.weight`) as [number, number]
    return [
      {
        name: `${layer}.lora_A.weight`,
        shape: [inputs, method.rank],
        // Kaiming's with a = √5, which PEFT takes.
        initialization: { type: 'uniform', bound: 1 / Math.sqrt(inputs) },
      },
      {
        name: `${layer}.lora_B.weight`,
        shape: [method.rank, outputs],
        initialization: { type: 'zeros' },
      },
    ]
  })
  // JavaScript makes no bf16: what is stored in 16 bits is fp16, and cast where it is read.
  const stored: DataType = precision === 'fp32' ? 'fp32' : 'fp16'
  const quantized = new Set(
    method.type === 'qlora' ? network.adaptableLayers.map((layer) => `${layer}.weight`) : [],
  )
  const frozen = network.parameters.flatMap(({ name, shape }): FrozenTensor[] => {
    if (method.type !== 'qlora' || !quantized.has(name)) {
      return [{ name, dtype: stored, shape, parameter: name, part: 'values' }]
    }
    const [inputs, outputs] = shape as [number, number]
    return [
      {
        name: `${name}.integers`,
        dtype: method.bits === 4 ? 'int4' : 'int8',
        shape,
        parameter: name,
        part: 'integers',
      },
      {
        name: `${name}.scales`,
        dtype: stored,
        shape: [inputs / method.blockSize, outputs],
        parameter: name,
        part: 'scales',
      },
    ]
  })
  return { trained, frozen, adapted: new Set(adapted) }
}
