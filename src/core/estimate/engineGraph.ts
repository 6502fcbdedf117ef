import { InputError } from '../errors'
import { Graph } from '../onnx/graph'
import { maxModelBytes } from '../onnx/encodeModel'
import type { Network } from '../onnx/networks/network'
import { parameterCount } from '../onnx/networks/network'
import { cast } from '../onnx/ops/elementwise'
import { buildTrainingGraph } from '../onnx/trainingGraph'
import type { TrainingMethod, TrainingOptimizer, TrainingPrecision } from '../onnx/trainingOptions'
import type { InferJob, TrainJob } from './job'

/** Values along a quantized layer's inputs that share a scale. */
const blockSize = 32
/** PEFT's default: adapters are scaled by twice their rank over it. Changes no shape. */
const alphaPerRank = 2

const precisions: Readonly<Partial<Record<TrainJob['precision'], TrainingPrecision>>> = {
  fp32: 'fp32',
  'amp-fp16': 'fp16-mixed',
  'amp-bf16': 'bf16-mixed',
}

const optimizers: Readonly<Partial<Record<TrainJob['optimizer'], TrainingOptimizer>>> = {
  adamw: 'adamw',
  'adamw-fused': 'adamw',
  'adamw-foreach': 'adamw',
  adam: 'adam',
  'adamw-8bit': 'adamw8bit',
  sgd: 'sgd',
  momentum: 'momentum',
}

/** The graph of one training step as the engine would run it. Throws InputError for what it cannot. */
export function engineTrainingGraph(job: TrainJob, network: Network) {
  const precision = precisions[job.precision]
  if (!precision)
    refuse('precision', `${job.precision} throughout: give fp32, amp-fp16 or amp-bf16`)
  const optimizer = optimizers[job.optimizer]
  if (!optimizer) refuse('optimizer', job.optimizer)
  if (job.loss === 'chunked') refuse('loss', 'chunks')
  if (job.logits === 'last') refuse('logits', 'the last token alone')
  if (job.checkpointing === 'offload') refuse('checkpointing', 'inputs kept on the host')
  if (job.optimizerInBackward) refuse('optimizerInBackward', 'updates within backward')
  if (job.masterWeights === 'fp32' && job.precision === 'fp32') {
    refuse('masterWeights', 'a second copy of fp32 weights')
  }
  return buildTrainingGraph(network, {
    precision,
    batchSize: job.batchSize,
    optimizer,
    method: methodOf(job, network),
    accumulationSteps: job.gradientAccumulationSteps,
    isCheckpointed: job.checkpointing === 'layer',
  })
}

function methodOf({ method, precision, quantization }: TrainJob, network: Network): TrainingMethod {
  if (method.type === 'full') return { type: 'full' }
  if (method.dropout > 0) refuse('method.dropout', 'dropout')
  if (method.modulesToSave.length > 0)
    refuse('method.modulesToSave', 'whole modules beside adapters')
  if (method.adapterPrecision === 'same' && precision !== 'fp32') {
    refuse('method.adapterPrecision', 'adapters in 16 bits')
  }
  const adapters = {
    rank: method.rank,
    alpha: alphaPerRank * method.rank,
    targets: method.targets === 'all-linear' ? network.adaptableLayers : method.targets,
  }
  if (method.type === 'lora' && quantization === null) return { type: 'lora', ...adapters }
  return { type: 'qlora', bits: quantization === null ? 4 : 8, blockSize, ...adapters }
}

/**
 * The graph of one pass over a prompt. Its weights are inputs here, so that none need to exist; a
 * session holds them all the same. Throws InputError where the model would not fit a protobuf.
 */
export function engineInferenceGraph(job: InferJob, network: Network): Graph {
  const { precision } = job
  if (precision !== 'fp32' && precision !== 'fp16') {
    refuse('precision', `${precision} inference: give fp32 or fp16`)
  }
  if (job.generatedLength > 0) refuse('generatedLength', 'a cache: it passes over the prompt once')
  if (job.logits === 'last') refuse('logits', 'the last token alone')
  const bytes = parameterCount(network) * (precision === 'fp32' ? 4 : 2)
  if (bytes > maxModelBytes) {
    refuse('model', `${bytes} bytes of weights in one model of at most ${maxModelBytes}`)
  }
  const graph = new Graph(`${network.name} ${precision} inference`)
  const input = graph.input('input', 'int32', [job.batchSize, ...network.inputShape])
  const parameters = new Map(
    network.parameters.map(({ name, shape }) => [
      name,
      graph.input(name, precision, shape, 'weight'),
    ]),
  )
  graph.output('logits', cast(graph, network.forward(graph, input, parameters), 'fp32'))
  return graph
}

/** Throws InputError for fields of any job that the engine has nothing for. */
export function checkEngineJob(job: TrainJob | InferJob): void {
  if (job.gpuCount > 1 || job.sharding !== 'none') refuse('gpuCount', 'several GPUs')
  if (job.offload !== 'none') refuse('offload', 'parts on the host')
  if (job.quantization !== null && !hasEightBitBase(job)) {
    const what = job.task === 'train' ? ', or give bnb-int8 for 8-bit ones' : ''
    refuse(
      'quantization',
      `${job.quantization.scheme}: leave it out, qlora stores 4-bit integers${what}`,
    )
  }
}

/** Whether adapters are trained beside 8-bit integers: those of the engine, a scale to each block. */
export function hasEightBitBase(job: TrainJob | InferJob): boolean {
  return job.task === 'train' && job.quantization?.scheme === 'bnb-int8'
}

function refuse(path: string, what: string): never {
  throw new InputError({
    code: 'UNSUPPORTED',
    path,
    message: `the engine builds no graph with ${what}; estimate with pytorch`,
  })
}
