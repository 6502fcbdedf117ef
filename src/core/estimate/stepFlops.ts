import type { Architecture, ModelHead } from '../models/architecture'
import { layerRuns, layerShape } from '../models/layerShape'
import type { InferJob, Job, TrainJob } from './job'
import { linearLayers } from './linearNames'
import { adapterParameterCount } from './modelWeights'
import { adapterOf, attentionOf } from './stepContextOf'

/** Elements of all matrices that one token passes, but for the output matrix. */
function multipliedElements(a: Architecture, head: ModelHead): number {
  const linears = linearLayers(a, head).reduce(
    (sum, { shape, count }) => sum + count * shape.inputSize * shape.outputSize,
    0,
  )
  return linears + routedElements(a)
}

/** Elements of the matrix that makes logits of a hidden state. */
function outputElements(a: Architecture, head: ModelHead): number {
  if (head === 'sequenceClassification') return 0
  return a.embedding.vocabSize * (a.embedding.projectedFrom ?? a.hiddenSize)
}

/** Of the experts, only those that a token goes to. */
function routedElements(a: Architecture): number {
  const { experts } = a
  if (!experts) return 0
  const layers = layerRuns(a).find(({ kind }) => kind === 'experts')?.count ?? 0
  const shape = layerShape(a, 'experts').experts
  const all = shape?.expertElements ?? 0
  return (
    layers * ((all * experts.expertsPerToken) / experts.expertCount + (shape?.routerElements ?? 0))
  )
}

/**
 * Operations of the attention products of one sequence: scores and weighted values, 2 × 2 × d per
 * pair of a query and a key. Fused causal kernels compute half of the pairs (FlashAttention-2,
 * §4.1), attention written out all of them.
 */
function attentionFlops(job: Job, a: Architecture, queries: number, keys: number): number {
  const { headCount, headSize, causal, slidingWindow } = a.attention
  const layers = a.layerCount + a.decoderLayerCount
  const windowed = slidingWindow ? Math.min(slidingWindow.layerCount, layers) : 0
  const isFused = attentionOf(job, a) !== 'eager'
  const seen = slidingWindow && isFused ? Math.min(slidingWindow.size, keys) : keys
  const pairs = (layers - windowed) * queries * keys + windowed * queries * seen
  const share = isFused && causal && queries === keys ? 0.5 : 1
  return 4 * headCount * headSize * pairs * share
}

/** Operations of one optimizer step, all micro-batches together. */
export interface TrainingFlops {
  readonly forward: number
  readonly loss: number
  /** Forward once more under checkpointing, but for the output matrix. */
  readonly recompute: number
  readonly backward: number
}

/** Per logit, forward: the largest, less it, exponential, sum, less its logarithm. */
const logSoftmaxFlops = 5
/** Fused kernels make the scores again: five products for the two of forward (FlashAttention-2, §4.1). */
const fusedBackward = 2.5
const eagerBackward = 2

/**
 * Matrix products: 2 per element and token forward, as many for the gradient of the inputs, as many
 * for that of the weights where they are trained (Kaplan et al. 2020, §2.1: 6 N per token in all).
 */
export function trainingFlops(job: TrainJob, a: Architecture, head: ModelHead): TrainingFlops {
  const tokens = job.batchSize * job.sequenceLength
  const positions = job.logits === 'last' ? job.batchSize : tokens
  const adapter = adapterOf(job, a, head)
  const adapted = adapter ? adapterParameterCount(a, head, adapter.rank, adapter.targets) : 0
  const layers = 2 * multipliedElements(a, head) * tokens
  const adapters = 2 * adapted * tokens
  const output = 2 * outputElements(a, head) * positions
  const attention = job.batchSize * attentionFlops(job, a, job.sequenceLength, job.sequenceLength)
  const isFused = attentionOf(job, a) !== 'eager'
  const products = layers + adapters + output
  const weightGradients = adapter ? adapters : products
  const passes = job.gradientAccumulationSteps
  const logits = head === 'sequenceClassification' ? 0 : positions * a.embedding.vocabSize
  return {
    forward: passes * (products + attention),
    loss: passes * logSoftmaxFlops * logits,
    recompute: job.checkpointing === 'none' ? 0 : passes * (layers + adapters + attention),
    backward:
      passes * (products + weightGradients + (isFused ? fusedBackward : eagerBackward) * attention),
  }
}

/** Operations of a step in all. */
export function totalTrainingFlops(job: TrainJob, a: Architecture, head: ModelHead): number {
  const { forward, loss, recompute, backward } = trainingFlops(job, a, head)
  return forward + loss + recompute + backward
}

/** Operations of the prompt's pass. */
export function prefillFlops(job: InferJob, a: Architecture, head: ModelHead): number {
  const tokens = job.batchSize * job.promptLength
  const positions = job.logits === 'all' || head === 'maskedLm' ? tokens : job.batchSize
  return (
    2 * multipliedElements(a, head) * tokens +
    2 * outputElements(a, head) * positions +
    job.batchSize * attentionFlops(job, a, job.promptLength, job.promptLength)
  )
}

/** Operations of one more token for every sequence. */
export function decodeFlops(
  job: InferJob,
  a: Architecture,
  head: ModelHead,
  keyLength: number,
): number {
  const elements = multipliedElements(a, head) + outputElements(a, head)
  return job.batchSize * (2 * elements + attentionFlops(job, a, 1, keyLength))
}
