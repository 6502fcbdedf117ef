import type { DataType } from '../dtype'
import { elementCount } from './graph'
import type { Network, Parameter } from './networks/network'
import { isTarget, type TrainingMethod, type TrainingPrecision } from './trainingOptions'

/** A tensor that training reads and never changes. */
export interface FrozenTensor {
  readonly name: string
  readonly dtype: DataType
  /** Integers: [blocks, blockSize], output by output, each along its inputs. Scales: [blocks]. */
  readonly shape: readonly number[]
  /** The parameter of the network that it holds, or holds a part of. */
  readonly parameter: string
  /** Of the parameter: [inputs, outputs] of a layer's weight. */
  readonly parameterShape: readonly number[]
  readonly part: 'values' | 'integers' | 'scales'
}

/**
 * The rest is stored in the model: JavaScript's tensors hold neither 4 bits nor, where it has a
 * Float16Array, 16, and WebGPU keeps none of 8 bits in its buffers from run to run.
 */
export function isFed({ dtype }: FrozenTensor): boolean {
  return dtype === 'fp32'
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
    const parameter = { parameter: name, parameterShape: shape }
    if (method.type !== 'qlora' || !quantized.has(name)) {
      return [{ ...parameter, name, dtype: stored, shape, part: 'values' }]
    }
    const blocks = elementCount(shape) / method.blockSize
    return [
      {
        ...parameter,
        name: `${name}.integers`,
        dtype: method.bits === 4 ? 'int4' : 'int8',
        shape: [blocks, method.blockSize],
        part: 'integers',
      },
      {
        ...parameter,
        name: `${name}.scales`,
        dtype: stored,
        shape: [blocks],
        part: 'scales',
      },
    ]
  })
  return { trained, frozen, adapted: new Set(adapted) }
}
