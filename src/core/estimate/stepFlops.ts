import type { Architecture, ModelHead } from '../models/architecture'
import { layerRuns, layerShape } from '../models/layerShape'
import type { InferJob, TrainJob } from './job'
import { linearLayers } from './linearNames'

/** Elements of all matrices that one token passes, the output matrix among them. */
function multipliedElements(a: Architecture, head: ModelHead): number {
  const linears = linearLayers(a, head).reduce(
    (sum, { shape, count }) => sum + count * shape.inputSize * shape.outputSize,
    0,
  )
  const width = a.embedding.projectedFrom ?? a.hiddenSize
  const output = head === 'sequenceClassification' ? 0 : a.embedding.vocabSize * width
  return linears + routedElements(a) + output
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
 * pair of a query and a key; causal attention needs half of the pairs (FlashAttention-2, §4.1).
 */
function attentionFlops(a: Architecture, queries: number, keys: number): number {
  const { headCount, headSize, causal, slidingWindow } = a.attention
  const layers = a.layerCount + a.decoderLayerCount
  const windowed = slidingWindow ? Math.min(slidingWindow.layerCount, layers) : 0
  const seen = slidingWindow ? Math.min(slidingWindow.size, keys) : keys
  const pairs = (layers - windowed) * queries * keys + windowed * queries * seen
  const share = causal && queries === keys ? 0.5 : 1
  return 4 * headCount * headSize * pairs * share
}

/**
 * Floating-point operations of one optimizer step: 2 per element and token forward, as many for the
 * gradient of the inputs, as many for that of the weights where they are trained (Kaplan et al.
 * 2020, §2.1: 6 N per token in all), and forward once more under checkpointing.
 */
export function trainingFlops(job: TrainJob, a: Architecture, head: ModelHead): number {
  const tokens = job.batchSize * job.sequenceLength
  const products = 2 * multipliedElements(a, head) * tokens
  const attention = job.batchSize * attentionFlops(a, job.sequenceLength, job.sequenceLength)
  const forward = products + attention
  const weightGradients = job.method.type === 'full' ? products : 0
  // Attention's backward makes two products for each one of forward.
  const backward = products + 2 * attention + weightGradients
  const recomputed = job.checkpointing === 'none' ? 0 : forward
  return job.gradientAccumulationSteps * (forward + backward + recomputed)
}

/** Operations of the prompt's pass. */
export function prefillFlops(job: InferJob, a: Architecture, head: ModelHead): number {
  const tokens = job.batchSize * job.promptLength
  return (
    2 * multipliedElements(a, head) * tokens +
    job.batchSize * attentionFlops(a, job.promptLength, job.promptLength)
  )
}

/** Operations of one more token for every sequence. */
export function decodeFlops(
  job: InferJob,
  a: Architecture,
  head: ModelHead,
  keyLength: number,
): number {
  return job.batchSize * (2 * multipliedElements(a, head) + attentionFlops(a, 1, keyLength))
}
