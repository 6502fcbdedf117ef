import { shuffledBatches } from '../core/datasets/batches'
import type { DigitsSplit } from '../core/datasets/digits'
import { top1Accuracy } from '../core/accuracy'
import { buildInferenceGraph } from '../core/onnx/inferenceGraph'
import { initializeParameters, type Network } from '../core/onnx/networks/network'
import { trainingOptionsOf } from '../core/plan/trainingOptionsOf'
import { presetNetwork } from '../core/onnx/networks/presets'
import { buildTrainingGraph } from '../core/onnx/trainingGraph'
import type { ImagePresetName } from '../core/plan/workload'
import { createRandom } from '../core/random'
import type { EngineEvent, StepRequest } from '../protocol/engineContract'
import { buildCalibratedGraph } from './calibrate'
import { computeLogitsOnce } from './evaluate'
import { measureMemory } from './memoryRun'
import { measureUnrolled } from './measureUnrolled'
import { datasetName, readDigits } from './resources'
import { imageBatch, trainEpochs } from './trainEpochs'
import { createTrainer, type Trainer } from './trainer'
import { lossScalingUpdate, timeTraining } from './training'

/** Trains on digits from initial weights, then times the training step it trained with. */
export async function* trainImages(
  request: StepRequest,
  preset: ImagePresetName,
): AsyncGenerator<EngineEvent> {
  const { provider, batchSize, seed } = request
  const isFirst = request.processIndex === 0
  yield { type: 'phase', phase: 'load' }
  const digits = await readDigits(request.resourcesFolder)
  const network = presetNetwork(preset)
  const options = trainingOptionsOf(request, network)
  const training = buildTrainingGraph(network, options)
  const baselineBytes = process.memoryUsage.rss()
  const trainer = await createTrainer(training, initializeParameters(network, seed), {
    provider,
    seed,
  })
  const [images] = shuffledBatches(digits.train, batchSize, createRandom(seed))
  if (!images) throw new Error(`${digits.train.count} images fill no batch of ${batchSize}`)
  const batch = imageBatch(images)

  if (isFirst) {
    yield { type: 'phase', phase: 'memory' }
    yield await measureMemory(training, trainer.feeds(batch, 0), {
      provider,
      scratchFolder: request.scratchFolder,
      baselineBytes,
    })
    yield { type: 'phase', phase: 'train' }
    const top1 = yield* train(trainer, network, digits, request)
    if (top1 === null) return
    if (training.isScaled) yield lossScalingUpdate(trainer)
    yield {
      type: 'update',
      update: {
        accuracy: {
          dataset: datasetName,
          top1,
          // Another training is no reference for this one's answers.
          top1Fp32: null,
          agreementWithFp32: null,
          cosineSimilarity: null,
          sqnrDb: null,
          validationLoss: null,
          perplexity: null,
        },
      },
    }
  }
  yield* timeTraining(trainer, batch, request)
  yield* measureUnrolled(network, options, batch, request)
  yield { type: 'ended', update: { outcome: 'completed' } }
}

/** Test accuracy after the last epoch; null where the loss stopped being a number, which has then been said. */
async function* train(
  trainer: Trainer,
  network: Network,
  digits: DigitsSplit,
  request: StepRequest,
): AsyncGenerator<EngineEvent, number | null> {
  const began = performance.now()
  let testAccuracy: number | null = null
  for await (const trained of trainEpochs(trainer, digits.train, request)) {
    const { epoch, epochs, loss, imagesPerSecond, learningRate } = trained
    if (!Number.isFinite(loss)) {
      const reason = `the loss became ${loss} in epoch ${epoch} at a learning rate of ${Number(learningRate.toPrecision(3))}`
      yield { type: 'ended', update: { outcome: 'diverged', reason } }
      return null
    }
    testAccuracy = await measureAccuracy(trainer, network, digits, request)
    yield { type: 'epoch', epoch, loss, testAccuracy }
    yield {
      type: 'progress',
      fraction: epoch / epochs,
      remainingMs: ((performance.now() - began) * (epochs - epoch)) / epoch,
      throughputPerSecond: imagesPerSecond,
    }
  }
  return testAccuracy
}

/**
 * Fraction of the test images that the weights answer rightly: in fp32, or in the int8 that
 * quantization-aware training prepares them for.
 */
async function measureAccuracy(
  trainer: Trainer,
  network: Network,
  digits: DigitsSplit,
  { precision, provider }: StepRequest,
): Promise<number> {
  const { test } = digits
  const weights = await trainer.weights()
  const batchSize = test.count
  const inference =
    precision === 'int8'
      ? await buildCalibratedGraph({ network, weights, digits, batchSize, provider })
      : buildInferenceGraph(network, weights, { precision: 'fp32', batchSize })
  return top1Accuracy(await computeLogitsOnce(inference, provider, test), test.labels)
}
