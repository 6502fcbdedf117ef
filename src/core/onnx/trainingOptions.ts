import { InputError } from '../errors'
import type { OptimizerName } from '../plan/workload'
import { checkBatchSize } from './inferenceGraph'
import { elementCount } from './graph'
import type { Network } from './networks/network'
import type { OptimizerSettings } from './optimizers'

/**
 * - `fp16-mixed`, `bf16-mixed`: forward and backward in 16 bits, weights and optimizer in fp32; with
 *   fp16 the loss is scaled, and a step that overflows is skipped.
 * - `int8-qat`: fp32, but layers multiply with what int8 would make of weights and activations.
 */
export const trainingPrecisions = ['fp32', 'fp16-mixed', 'bf16-mixed', 'int8-qat'] as const
export type TrainingPrecision = (typeof trainingPrecisions)[number]

/** `adamw8bit` keeps its two moments in 8 bits, in blocks of 128 with a scale each. */
export type TrainingOptimizer = OptimizerName | 'adamw8bit'

export interface AdapterOptions {
  readonly rank: number
  /** What the adapter gives is multiplied with alpha ÷ rank. */
  readonly alpha: number
  /** Last parts of the names of linear layers, such as `q_proj`. */
  readonly targets: readonly string[]
}

/** Which weights are trained, and how those that are not are stored. */
export type TrainingMethod =
  | { readonly type: 'full' }
  | ({ readonly type: 'lora' } & AdapterOptions)
  /** The linear layers' weights in `bits`, in blocks along their inputs with a scale each. */
  | ({ readonly type: 'qlora'; readonly bits: 8 | 4; readonly blockSize: number } & AdapterOptions)

export interface TrainingOptions {
  readonly precision: TrainingPrecision
  /** Of one micro-batch. */
  readonly batchSize: number
  readonly optimizer: TrainingOptimizer
  readonly settings?: OptimizerSettings
  /** `full` where left out. */
  readonly method?: TrainingMethod
  /** Micro-batches whose gradients make one step; 1 where left out. */
  readonly accumulationSteps?: number
  /** Blocks keep only their input, and compute the rest again for the backward pass. */
  readonly isCheckpointed?: boolean
  /** Optimizer steps that one run takes, one after the other in one graph; 1 where left out. */
  readonly stepCount?: number
  /**
   * Whether small tensors are updated as one, which saves the CPU the start of many nodes; true where
   * left out. CUDA's Concat and Split of unequal parts copy 8 bytes from the host for each of their
   * elements at every step: false for it.
   */
  readonly joinsSmallTensors?: boolean
}

/** Throws InputError naming the first field that cannot be. */
export function checkTrainingOptions(network: Network, options: TrainingOptions): void {
  const { batchSize, precision, method = { type: 'full' } } = options
  checkBatchSize(batchSize)
  checkCount('accumulationSteps', options.accumulationSteps ?? 1)
  checkCount('stepCount', options.stepCount ?? 1)
  if (method.type === 'full') return
  checkCount('method.rank', method.rank)
  if (!Number.isFinite(method.alpha) || method.alpha <= 0) {
    refuse('method.alpha', `${method.alpha} is not a number above 0`)
  }
  for (const target of method.targets) {
    if (!network.adaptableLayers.some((layer) => isTarget(layer, target))) {
      const ends = [...new Set(network.adaptableLayers.map((layer) => layer.split('.').at(-1)!))]
      refuse('method.targets', `${network.name} has no layer ${target}; it has ${ends.join(', ')}`)
    }
  }
  if (method.targets.length === 0) refuse('method.targets', 'adapters need at least one layer')
  if (precision === 'int8-qat') {
    refuse('precision', 'quantization-aware training trains all weights; take method full')
  }
  if (method.type === 'qlora') {
    checkCount('method.blockSize', method.blockSize)
    for (const layer of network.adaptableLayers) checkBlocks(network, layer, method.blockSize)
  }
}

/** Whether a layer is one of those that a target names. */
export function isTarget(layer: string, target: string): boolean {
  return layer === target || layer.endsWith(`.${target}`)
}

function checkBlocks(network: Network, layer: string, blockSize: number): void {
  const { shape } = network.parameters.find(({ name }) => name === `${layer}.weight`)!
  if (shape[0]! % blockSize === 0) return
  refuse(
    'method.blockSize',
    `blocks of ${blockSize} do not divide the ${shape[0]} inputs of ${layer}`,
  )
}

/** Electron ends a process that allocates more at once. */
const maxHostTensorBytes = 2 ** 30

/** Throws InputError where a parameter is too large to be fed and given back. */
export function checkHostTensors(network: Network): void {
  for (const { name, shape } of network.parameters) {
    const bytes = 4 * elementCount(shape)
    if (bytes <= maxHostTensorBytes) continue
    refuse(
      name,
      `${bytes} bytes are more than a tensor may have that goes in and out of a run (${maxHostTensorBytes}); take a smaller vocabulary or hidden size, or probe`,
    )
  }
}

function checkCount(path: string, count: number): void {
  if (!Number.isInteger(count) || count < 1) refuse(path, `${count} is not a whole number from 1`)
}

function refuse(path: string, message: string): never {
  throw new InputError({ code: 'INVALID_VALUE', path, message })
}
