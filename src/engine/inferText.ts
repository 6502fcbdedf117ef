import { meanCrossEntropy, startLogitComparison } from '../core/accuracy'
import { type TokenBatch, validationBatches } from '../core/datasets/byteText'
import { InputError } from '../core/errors'
import { buildInferenceGraph, type InferenceGraph } from '../core/onnx/inferenceGraph'
import { initializeParameters, type Network, type Weights } from '../core/onnx/networks/network'
import type { TextPresetName } from '../core/plan/workload'
import { workloadNetwork } from '../core/plan/workloadNetwork'
import type { StepAccuracy } from '../core/run/record'
import type { EngineEvent, StepRequest } from '../protocol/engineContract'
import { measureLatency } from './measure'
import { measureOptions } from './measureOptions'
import { measurePeak } from './measurePeak'
import { measureMemory } from './memoryRun'
import { createSession, type Feeds, floatsOf, type InferenceSession, tensorOf } from './onnx'
import { readText, readWeights, textDatasetName } from './resources'

/** Prefill: the logits of every token of a batch of sequences; memory, latency, perplexity. */
export async function* inferText(
  request: StepRequest,
  preset: TextPresetName,
): AsyncGenerator<EngineEvent> {
  const { provider, batchSize, precision, scratchFolder } = request
  const isFirst = request.processIndex === 0
  yield { type: 'phase', phase: 'load' }
  if (precision !== 'fp32' && precision !== 'fp16') {
    throw new InputError({
      code: 'UNSUPPORTED',
      path: 'precisions',
      message: `there is no inference of text in ${precision}; take fp32 or fp16`,
    })
  }
  const text = await readText(request.resourcesFolder)
  const network = workloadNetwork({ preset, sequenceLength: request.sequenceLength })
  const size = { batchSize, sequenceLength: network.rowsPerSample }
  const batches = validationBatches(text.validation, size)
  const weights = await textWeights(request, preset, network)
  const inference = buildInferenceGraph(network, weights, { precision, batchSize })
  const baselineBytes = process.memoryUsage.rss()
  const feeds = feedsOf(inference, batches[0]!)

  if (isFirst) {
    yield { type: 'phase', phase: 'memory' }
    yield await measureMemory(inference, feeds, { provider, scratchFolder, baselineBytes })
  }

  const session = await createSession(inference.model, provider)
  if (isFirst) yield* measurePeak(request)
  yield* measureLatency(() => session.run(feeds), measureOptions(request))

  if (isFirst) {
    yield { type: 'phase', phase: 'accuracy' }
    const fp32 = buildInferenceGraph(network, weights, { precision: 'fp32', batchSize })
    const reference = precision === 'fp32' ? session : await createSession(fp32.model, provider)
    const accuracy = await compareOver(batches, inference, session, reference)
    if (reference !== session) await reference.release()
    yield { type: 'update', update: { accuracy } }
  }
  await session.release()
  yield { type: 'ended', update: { outcome: 'completed' } }
}

/** Trained where the application brings trained ones along, else drawn from `seed`. */
async function textWeights(
  { resourcesFolder, seed }: StepRequest,
  preset: TextPresetName,
  network: Network,
): Promise<Weights> {
  return preset === 'gpt-nano'
    ? await readWeights(resourcesFolder, network)
    : initializeParameters(network, seed)
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
