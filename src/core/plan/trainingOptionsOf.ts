import type { ExecutionProvider } from '../device'
import type { Network } from '../onnx/networks/network'
import type { TrainingMethod, TrainingOptions, TrainingPrecision } from '../onnx/trainingOptions'
import type { MethodName, Workload, WorkloadOptimizer } from './workload'

/** What of a step decides its training graph. */
export interface TrainingChoice extends Pick<
  Workload,
  'batchSize' | 'adapterRank' | 'gradientAccumulationSteps' | 'checkpointing'
> {
  readonly precision: Workload['precisions'][number]
  readonly optimizer: WorkloadOptimizer
  readonly method: MethodName
  readonly provider: ExecutionProvider
}

const precisions: Readonly<Record<TrainingChoice['precision'], TrainingPrecision>> = {
  fp32: 'fp32',
  fp16: 'fp16-mixed',
  bf16: 'bf16-mixed',
  int8: 'int8-qat',
}

/** Weights of one block share a scale. QLoRA takes 64; the largest that divides every layer is taken. */
const blockSizes = [64, 32, 16] as const

function blockSizeOf({ adaptableLayers, parameters }: QuantizableNetwork): number {
  const inputs = adaptableLayers.map(
    (layer) => parameters.find(({ name }) => name === `${layer}.weight`)?.shape[0] ?? 0,
  )
  return blockSizes.find((size) => inputs.every((count) => count % size === 0)) ?? blockSizes[0]
}

type QuantizableNetwork = Pick<Network, 'adaptableLayers' | 'parameters'>

/** The options of the training graph of a step. */
export function trainingOptionsOf(
  choice: TrainingChoice,
  network: QuantizableNetwork,
): TrainingOptions {
  const { optimizer, gradientAccumulationSteps, checkpointing, provider } = choice
  return {
    precision: precisions[choice.precision],
    batchSize: choice.batchSize,
    optimizer: optimizer === 'adamw-8bit' ? 'adamw8bit' : optimizer,
    method: methodOf(choice, network),
    accumulationSteps: gradientAccumulationSteps,
    isCheckpointed: checkpointing === 'layer',
    joinsSmallTensors: provider !== 'cuda' && provider !== 'tensorrt',
  }
}

/** Of a weight that is stored in blocks. */
export const baseBits = { qlora: 4, 'qlora-8bit': 8 } as const

/** Adapters beside every linear layer but the head, with alpha twice the rank, as PEFT is mostly used. */
function methodOf(
  { method, adapterRank }: TrainingChoice,
  network: QuantizableNetwork,
): TrainingMethod {
  const adapters = {
    rank: adapterRank,
    alpha: 2 * adapterRank,
    targets: [...new Set(network.adaptableLayers.map((layer) => layer.split('.').at(-1)!))],
  }
  switch (method) {
    case 'full':
      return { type: 'full' }
    case 'lora':
      return { type: 'lora', ...adapters }
    case 'qlora':
    case 'qlora-8bit':
      return { type: 'qlora', bits: baseBits[method], blockSize: blockSizeOf(network), ...adapters }
  }
}
