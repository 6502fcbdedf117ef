import type { Device, ExecutionProvider } from '../device'
import type { ProviderChoice } from './chooseProvider'
import type { Network } from '../onnx/networks/network'
import { parameterCount } from '../onnx/networks/network'
import type { Step, TheoryMemory } from '../run/record'
import { measurementProfiles } from '../run/measurementProfiles'
import { unmeasured, unmeasuredMemory } from '../run/unmeasured'
import { formatBytes } from '../units'
import {
  imagePresetNames,
  type MethodName,
  type Workload,
  type WorkloadOptimizer,
} from './workload'
import { baseBits } from './trainingOptionsOf'
import { networkName } from './networkName'
import { chosenNetwork } from './workloadNetwork'

/** Which step of a workload. */
export interface StepKind {
  readonly mode: Step['mode']
  readonly precision: Step['precision']
  /** null in inference, as is the method. */
  readonly optimizer: WorkloadOptimizer | null
  readonly method: MethodName | null
}

/** What is known of a step from its graph alone. */
export interface GraphTheory {
  readonly memory: TheoryMemory
  readonly flops: number
}

/** What a protobuf can hold, and so a model with its weights in it. */
const maxModelBytes = 2 ** 31 - 1

/** Why no graph is built for this kind of step, with the way out; null where one is. */
export function missingGraphReason(
  network: Network,
  kind: StepKind,
  { provider, device }: Pick<ProviderChoice, 'provider' | 'device'>,
): string | null {
  const { mode, precision } = kind
  if (mode === 'train') return missingTrainingReason(network, kind, provider, device)
  if (precision === 'bf16') {
    return 'bf16 has too few ONNX Runtime kernels to run this network: choose fp16 or fp32'
  }
  if (precision === 'int8' && network.inputType === 'tokens') {
    return 'inference in int8 is not built for text networks: choose fp16 or fp32'
  }
  const modelBytes = parameterCount(network) * (precision === 'fp16' ? 2 : 4)
  if (modelBytes > maxModelBytes) {
    return `its weights take ${formatBytes(modelBytes)} in ${precision}, and a model file holds at most 2 GiB: take fewer layers`
  }
  return null
}

/** The first NVIDIA GPUs with bf16 are those of Ampere. */
const leastBf16Capability = 8

function missingTrainingReason(
  network: Network,
  { precision, method }: StepKind,
  provider: ExecutionProvider,
  { computeCapability }: Device,
): string | null {
  const hasBf16 = provider === 'cuda' && Number(computeCapability ?? 0) >= leastBf16Capability
  if (precision === 'bf16' && !hasBf16) {
    return 'bf16-mixed needs a GPU that has bf16 (NVIDIA Ampere or newer, through CUDA): train in fp16 or fp32'
  }
  if (precision === 'int8' && method !== 'full') {
    return 'quantization-aware training trains all weights: take method full'
  }
  if (network.inputType !== 'tokens' && method !== 'full') {
    return `${method} adapts decoders for text: choose a gpt, or method full`
  }
  return null
}

/** The step before it runs; `skipReason` says why it will not. */
export function planStep(
  workload: Workload,
  network: Network,
  kind: StepKind,
  provider: ExecutionProvider,
  skipReason: string | null,
  theory: GraphTheory | null,
): Step {
  return {
    ...kind,
    ...arithmetic(kind, provider),
    network: { name: networkName(workload), parameterCount: parameterCount(network) },
    batchSize: workload.batchSize,
    sequenceLength: workload.sequenceLength,
    gradientAccumulationSteps: kind.mode === 'train' ? workload.gradientAccumulationSteps : 1,
    outcome: skipReason === null ? 'planned' : 'skipped',
    ...(skipReason === null ? {} : { reason: skipReason }),
    notes: skipReason === null ? listNotes(workload, kind, provider) : [],
    executionProvider: {
      requested: provider,
      actual: null,
      nodesByProvider: {},
      memcpyNodes: null,
    },
    flopsPerStep: theory?.flops ?? null,
    memory: { ...unmeasuredMemory, theory: theory?.memory ?? null },
    ...unmeasured,
  }
}

/** Networks whose weights come with the application. */
const trainedPresets: readonly Workload['preset'][] = [...imagePresetNames, 'gpt-nano']

export function hasTrainedWeights({ preset }: Pick<Workload, 'preset'>): boolean {
  return trainedPresets.includes(preset)
}

/** Only the CPU provider has integer kernels for all layers of these networks. */
export function int8ModeOf(provider: ExecutionProvider): NonNullable<Step['int8Mode']> {
  return provider === 'cpu' ? 'int8-gemm' : 'int8-weights'
}

/** ONNX Runtime's CPU kernels compute in fp32 or int8, whatever the weights are stored in. */
function arithmetic(
  { mode, precision }: StepKind,
  provider: ExecutionProvider,
): Pick<Step, 'computePrecision' | 'int8Mode'> {
  if (precision === 'int8' && mode === 'train') return { computePrecision: 'fp32' }
  if (precision === 'int8') {
    const int8Mode = int8ModeOf(provider)
    return { computePrecision: int8Mode === 'int8-gemm' ? 'int8' : 'fp32', int8Mode }
  }
  return { computePrecision: precision === 'fp16' && provider === 'cpu' ? 'fp32' : precision }
}

function listNotes(
  workload: Workload,
  { mode, precision, method }: StepKind,
  provider: ExecutionProvider,
): string[] {
  const notes: string[] = []
  if (mode === 'train' && precision === 'fp16') {
    notes.push('fp16-mixed: weights and optimizer stay fp32, and the loss is scaled')
  }
  if (precision === 'fp16' && provider === 'cpu') {
    notes.push(
      'the CPU widens fp16 to fp32 when it loads the network: neither memory nor speed is gained',
    )
  }
  if (mode === 'train' && precision === 'int8') {
    notes.push(
      'int8-qat: computes in fp32 with what int8 would make of every weight and activation',
    )
  }
  if (method !== null && method !== 'full') {
    const base = hasTrainedWeights(workload)
      ? 'the weights that come with the application'
      : 'drawn weights, which no adapter makes up for'
    const stored = method === 'lora' ? '' : `, stored in ${baseBits[method]} bits`
    notes.push(`adapters of rank ${workload.adapterRank} are trained beside ${base}${stored}`)
  }
  if (mode === 'infer' && precision === 'int8' && provider !== 'cpu') {
    notes.push('weights are stored in 8 bits and computed with in fp32: no int8 speed')
  }
  if (mode === 'infer' && chosenNetwork(workload).type === 'text' && !hasTrainedWeights(workload)) {
    notes.push(
      'its weights are drawn, not trained: speed, memory and the distance from fp32 are real, perplexity says nothing',
    )
  }
  const { model } = workload
  if (model && model.config.numHiddenLayers < model.layerCount) {
    const { numHiddenLayers } = model.config
    const more =
      numHiddenLayers < 2
        ? 'take 2 or more to have all of them predicted'
        : `half of them are measured, too, and all ${model.layerCount} predicted`
    notes.push(`${numHiddenLayers} of ${model.layerCount} layers are run; ${more}`)
  }
  const { processCount } = measurementProfiles[workload.profile]
  if (processCount > 1) {
    notes.push(
      `measured in ${processCount} fresh processes; their latency samples follow one another, and only the first measures memory and accuracy`,
    )
  }
  return notes
}
