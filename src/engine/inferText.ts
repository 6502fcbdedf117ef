import { meanCrossEntropy, startLogitComparison } from '../core/accuracy'
import { type TokenBatch, validationBatches } from '../core/datasets/byteText'
import { InputError } from '../core/errors'
import { buildInferenceGraph, type InferenceGraph } from '../core/onnx/inferenceGraph'
import { workloadNetwork } from '../core/plan/workloadNetwork'
import type { StepAccuracy } from '../core/run/record'
import type { EngineEvent, StepRequest } from '../protocol/engineContract'
import { measureLatency } from './measure'
import { measureOptions } from './measureOptions'
import { measurePeak } from './measurePeak'
import { measureDepth } from './measureDepth'
import { measureMemory } from './memoryRun'
import { createSession, type Feeds, floatsOf, type InferenceSession, tensorOf } from './onnx'
import { readText, textDatasetName } from './resources'
import { textWeights } from './textWeights'

/** Prefill: the logits of every token of a batch of sequences; memory, latency, perplexity. */
export async function* inferText(request: StepRequest): AsyncGenerator<EngineEvent> {
  const { provider, batchSize } = request
  const isFirst = request.processIndex === 0
  yield { type: 'phase', phase: 'load' }
  const text = await readText(request.resourcesFolder)
  const batches = validationBatches(text.validation, {
    batchSize,
    sequenceLength: request.sequenceLength ?? 1,
  })
  const prepared = await prepare(request, batches[0]!)
  const { weights, inference } = prepared

  if (isFirst) {
    yield { type: 'phase', phase: 'memory' }
    yield await prepared.measureMemory()
  }

  const session = await prepared.start()
  if (isFirst) yield* measurePeak(request)
  yield* measureLatency(prepared.run, measureOptions(request))

  if (isFirst) {
    yield { type: 'phase', phase: 'accuracy' }
    const fp32 = buildInferenceGraph(prepared.network, weights, { precision: 'fp32', batchSize })
    const isReference = request.precision === 'fp32'
    const reference = isReference ? session : await createSession(fp32.model, provider)
    const accuracy = await compareOver(batches, inference, session, reference)
    if (reference !== session) await reference.release()
    yield { type: 'update', update: { accuracy } }
  }
  await prepared.release()
  if (isFirst) {
    yield* measureDepth(request, async (other) => {
      const shallow = await prepare(other, batches[0]!)
      await shallow.start()
      return shallow
    })
  }
  yield { type: 'ended', update: { outcome: 'completed' } }
}

/** The graph with its weights and a batch, and what it takes to time and weigh its run. */
async function prepare(request: StepRequest, batch: TokenBatch) {
  const { provider, batchSize, precision, scratchFolder } = request
  if (precision !== 'fp32' && precision !== 'fp16') {
    throw new InputError({
      code: 'UNSUPPORTED',
      path: 'precisions',
      message: `there is no inference of text in ${precision}; take fp32 or fp16`,
    })
  }
  const network = workloadNetwork(request)
  const weights = await textWeights(request, network)
  const inference = buildInferenceGraph(network, weights, { precision, batchSize })
  const baselineBytes = process.memoryUsage.rss()
  const feeds = feedsOf(inference, batch)
  let session: InferenceSession | null = null
  return {
    network,
    weights,
    inference,
    /** To be called before it is run: until then no session takes memory. */
    start: async () => (session ??= await createSession(inference.model, provider)),
    run: () => session!.run(feeds),
    measureMemory: () =>
      measureMemory(inference, feeds, { provider, scratchFolder, baselineBytes }),
    release: async () => session?.release(),
  }
}

async function compareOver(
  batches: readonly TokenBatch[],
  graph: InferenceGraph,
  session: InferenceSession,
  reference: InferenceSession,
): Promise<StepAccuracy> {
  const comparison = startLogitComparison()
  const output = graph.outputs[0]!.name
  let lossSum = 0
  for (const batch of batches) {
    const feeds = feedsOf(graph, batch)
    const logits = floatsOf(await session.run(feeds), output)
    const wanted = reference === session ? logits : floatsOf(await reference.run(feeds), output)
    comparison.add(logits, wanted, batch.labels)
    lossSum += meanCrossEntropy(logits, batch.labels)
  }
  const validationLoss = lossSum / batches.length
  return {
    dataset: textDatasetName,
    ...comparison.result(),
    validationLoss,
    perplexity: Math.exp(validationLoss),
  }
}

function feedsOf({ inputs }: InferenceGraph, { tokens }: TokenBatch): Feeds {
  const input = inputs[0]!
  return { [input.name]: tensorOf(input, tokens) }
}
