import type { LabelledImages } from '../core/datasets/labelledImages'
import { batchesPerEpoch } from '../core/datasets/batches'
import { compareLogits } from '../core/accuracy'
import { InputError } from '../core/errors'
import { buildInferenceGraph } from '../core/onnx/inferenceGraph'
import type { Network } from '../core/onnx/networks/network'
import { presetNetwork } from '../core/onnx/networks/presets'
import { buildTrainingGraph, type TrainingPrecision } from '../core/onnx/trainingGraph'
import { scheduledRate, trainingDefaults } from '../core/plan/trainingDefaults'
import type { EngineEvent, StepRequest } from '../protocol/engineContract'
import { computeLogitsOnce } from './evaluate'
import { measureLatency } from './measure'
import { measureOptions } from './measureOptions'
import { measureMemory } from './memoryRun'
import { datasetName, readDigits } from './resources'
import { createTrainer, type Trainer } from './trainer'

/** Trains from initial weights, then times the training step it trained with. */
export async function* trainStep(request: StepRequest): AsyncGenerator<EngineEvent> {
  const { provider, batchSize, optimizer, seed } = request
  const isFirst = request.processIndex === 0
  yield { type: 'phase', phase: 'load' }
  const { train, test } = await readDigits(request.resourcesFolder)
  const network = presetNetwork(request.preset)
  const precision = trainingPrecision(request.precision)
  const training = buildTrainingGraph(network, { precision, batchSize, optimizer })
  const baselineBytes = process.memoryUsage.rss()
  const trainer = await createTrainer(network, training, { provider, seed })
  const { learningRate } = trainingDefaults(optimizer)
  const [batch] = trainer.batches(train)
  if (!batch) throw new Error(`${train.count} images fill no batch of ${batchSize}`)

  if (isFirst) {
    yield { type: 'phase', phase: 'memory' }
    const { measured, profile } = await measureMemory(
      training,
      trainer.feeds(batch, learningRate),
      { provider, scratchFolder: request.scratchFolder, baselineBytes },
    )
    yield {
      type: 'memory',
      measured,
      actualProvider: provider,
      nodesByProvider: { ...profile.nodesByProvider },
      memcpyNodes: profile.memcpyNodes,
    }
    yield { type: 'phase', phase: 'train' }
    const hasConverged = yield* trainEpochs(trainer, network, { train, test }, request)
    if (!hasConverged) return
    if (training.isScaled) {
      yield {
        type: 'update',
        update: {
          lossScaling: {
            overflowSteps: trainer.lossScaler.overflowSteps,
            underflowedElements: trainer.underflowedElements,
            finalScale: trainer.lossScaler.scale,
          },
        },
      }
    }
    const logits = await testLogits(trainer, network, test, request)
    const compared = compareLogits(logits, logits, test.labels)
    yield {
      type: 'update',
      update: {
        accuracy: {
          dataset: datasetName,
          top1: compared.top1,
          // Another training is no reference for this one's answers.
          top1Fp32: null,
          agreementWithFp32: null,
          cosineSimilarity: null,
          sqnrDb: null,
        },
      },
    }
  }
  // At a rate of 0 the weights stay what they are, and the step does all its work.
  yield* measureLatency(() => trainer.step(batch, 0), measureOptions(request))
  await trainer.release()
  yield { type: 'ended', update: { outcome: 'completed' } }
}

/** False where the loss stopped being a number, which has then been said. */
async function* trainEpochs(
  trainer: Trainer,
  network: Network,
  { train, test }: { readonly train: LabelledImages; readonly test: LabelledImages },
  request: StepRequest,
): AsyncGenerator<EngineEvent, boolean> {
  const { epochs, learningRate } = trainingDefaults(request.optimizer)
  const stepsPerEpoch = batchesPerEpoch(train.count, request.batchSize)
  const began = performance.now()
  let step = 0
  for (let epoch = 1; epoch <= epochs; epoch += 1) {
    const epochBegan = performance.now()
    let sum = 0
    for (const batch of trainer.batches(train)) {
      sum += await trainer.step(batch, scheduledRate(learningRate, step, epochs * stepsPerEpoch))
      step += 1
    }
    const epochMs = performance.now() - epochBegan
    const loss = sum / stepsPerEpoch
    if (!Number.isFinite(loss)) {
      const reason = `the loss became ${loss} in epoch ${epoch} at a learning rate of ${learningRate}`
      yield { type: 'ended', update: { outcome: 'diverged', reason } }
      return false
    }
    const logits = await testLogits(trainer, network, test, request)
    const { top1 } = compareLogits(logits, logits, test.labels)
    yield { type: 'epoch', epoch, loss, testAccuracy: top1 }
    const elapsedMs = performance.now() - began
    yield {
      type: 'progress',
      fraction: epoch / epochs,
      remainingMs: (elapsedMs * (epochs - epoch)) / epoch,
      throughputPerSecond: (stepsPerEpoch * request.batchSize * 1000) / epochMs,
    }
  }
  return true
}

/** Answers of the fp32 weights to every test image. */
function testLogits(
  trainer: Trainer,
  network: Network,
  test: LabelledImages,
  { provider }: StepRequest,
): Promise<Float32Array> {
  const options = { precision: 'fp32', batchSize: test.count } as const
  const inference = buildInferenceGraph(network, trainer.weights(), options)
  return computeLogitsOnce(inference, provider, test)
}

function trainingPrecision(precision: StepRequest['precision']): TrainingPrecision {
  if (precision === 'fp32') return 'fp32'
  if (precision === 'fp16') return 'fp16-mixed'
  throw new InputError({
    code: 'UNSUPPORTED',
    path: 'precisions',
    message: `there is no training in ${precision}; take fp32 or fp16`,
  })
}
