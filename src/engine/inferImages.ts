import { compareLogits } from '../core/accuracy'
import { selectImages } from '../core/datasets/labelledImages'
import { buildInferenceGraph, type InferenceGraph } from '../core/onnx/inferenceGraph'
import { presetNetwork } from '../core/onnx/networks/presets'
import type { EngineEvent, StepRequest } from '../protocol/engineContract'
import type { ImagePresetName } from '../core/plan/workload'
import { buildCalibratedGraph } from './calibrate'
import { computeLogits, computeLogitsOnce } from './evaluate'
import { measureLatency } from './measure'
import { measureOptions } from './measureOptions'
import { measureMemory } from './memoryRun'
import { createSession, tensorOf } from './onnx'
import { measurePeak } from './measurePeak'
import { datasetName, readDigits, readWeights } from './resources'

/** Inference on digits with the weights that come with the application: memory, latency, right answers. */
export async function* inferImages(
  request: StepRequest,
  preset: ImagePresetName,
): AsyncGenerator<EngineEvent> {
  const { provider, precision, batchSize, resourcesFolder, scratchFolder } = request
  const isFirst = request.processIndex === 0
  yield { type: 'phase', phase: 'load' }
  const digits = await readDigits(resourcesFolder)
  const network = presetNetwork(preset)
  const weights = await readWeights(resourcesFolder, network)
  const fp32 = buildInferenceGraph(network, weights, { precision: 'fp32', batchSize })
  const baselineBytes = process.memoryUsage.rss()
  let inference: InferenceGraph = fp32
  if (precision === 'fp16') {
    inference = buildInferenceGraph(network, weights, { precision: 'fp16', batchSize })
  } else if (precision === 'int8') {
    const int8 = await buildCalibratedGraph({ network, weights, digits, batchSize, provider })
    yield { type: 'update', update: { int8Mode: int8.mode } }
    inference = int8
  } else if (precision !== 'fp32') {
    throw new Error(`there is no inference in ${precision}`)
  }
  const input = inference.inputs[0]!
  // Batches larger than the test set take its images again.
  const batch = selectImages(
    digits.test,
    Uint32Array.from({ length: batchSize }, (_, index) => index % digits.test.count),
  )
  const feeds = { [input.name]: tensorOf(input, batch.pixels) }

  if (isFirst) {
    yield { type: 'phase', phase: 'memory' }
    yield await measureMemory(inference, feeds, { provider, scratchFolder, baselineBytes })
  }

  const session = await createSession(inference.model, provider)
  if (isFirst) yield* measurePeak(request)
  yield* measureLatency(() => session.run(feeds), measureOptions(request))

  if (isFirst) {
    yield { type: 'phase', phase: 'accuracy' }
    const logits = await computeLogits(session, inference, digits.test)
    const reference =
      precision === 'fp32' ? logits : await computeLogitsOnce(fp32, provider, digits.test)
    const compared = compareLogits(logits, reference, digits.test.labels)
    yield {
      type: 'update',
      update: {
        accuracy: { dataset: datasetName, ...compared, validationLoss: null, perplexity: null },
      },
    }
  }
  await session.release()
  yield { type: 'ended', update: { outcome: 'completed' } }
}
