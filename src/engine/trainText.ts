import {
  type ByteText,
  drawTokens,
  type TokenBatch,
  type TokenBatchSize,
  validationBatches,
} from '../core/datasets/byteText'
import { initializeParameters, type Network, type Weights } from '../core/onnx/networks/network'
import { trainingOptionsOf } from '../core/plan/trainingOptionsOf'
import { buildTrainingGraph } from '../core/onnx/trainingGraph'
import { textLearningRate, textRateShare, validationPeriod } from '../core/plan/trainingDefaults'
import { workloadDecoder, workloadNetwork } from '../core/plan/workloadNetwork'
import { createRandom } from '../core/random'
import type { EngineEvent, StepRequest } from '../protocol/engineContract'
import { measureDepth } from './measureDepth'
import { measureMemory } from './memoryRun'
import { measureUnrolled } from './measureUnrolled'
import { readText, textDatasetName } from './resources'
import { createTrainer, type Trainer, type TrainingBatch } from './trainer'
import { textWeights } from './textWeights'
import { lossScalingUpdate, timeTraining } from './training'

/** Time between two messages to whoever watches, ms. */
const reportPeriodMs = 100

/**
 * Trains a decoder on text from initial weights, with the loss of every step and the validation loss in
 * between, then times the training step it trained with. Seed, batch size and length decide the batches:
 * every precision sees the same.
 */
export async function* trainText(request: StepRequest): AsyncGenerator<EngineEvent> {
  yield { type: 'phase', phase: 'load' }
  const text = await readText(request.resourcesFolder)
  const prepared = await prepare(request, text)
  const { trainer, training, batch } = prepared

  if (request.processIndex === 0) {
    yield { type: 'phase', phase: 'memory' }
    yield await prepared.measureMemory()
    yield { type: 'phase', phase: 'train' }
    const validationLoss = yield* train(trainer, text, request)
    if (training.isScaled) yield lossScalingUpdate(trainer)
    if (validationLoss === null) return
    yield {
      type: 'update',
      update: {
        accuracy: {
          dataset: textDatasetName,
          top1: null,
          top1Fp32: null,
          agreementWithFp32: null,
          cosineSimilarity: null,
          sqnrDb: null,
          validationLoss,
          perplexity: Math.exp(validationLoss),
        },
      },
    }
  }
  yield* timeTraining(trainer, batch, request)
  yield* measureUnrolled(prepared.network, prepared.options, batch, request)
  if (request.processIndex === 0) yield* measureDepth(request, (other) => prepare(other, text))
  yield { type: 'ended', update: { outcome: 'completed' } }
}

/** A trainer at its first weights with a batch, and what it takes to time and weigh its step. */
async function prepare(request: StepRequest, text: ByteText) {
  const { provider, seed, scratchFolder } = request
  const network = workloadNetwork(request)
  const weights = await firstWeights(request, network)
  const options = trainingOptionsOf(request, network)
  const training = buildTrainingGraph(network, options, weights)
  const baselineBytes = process.memoryUsage.rss()
  const trainer = await createTrainer(training, weights, { provider, seed })
  const batch = tokenBatch(drawTokens(text.train, textSize(request), createRandom(seed)))
  return {
    network,
    options,
    trainer,
    training,
    batch,
    run: () => trainer.step(batch, 0),
    measureMemory: () => {
      const feeds = trainer.feeds(batch, 0)
      return measureMemory(training, feeds, { provider, scratchFolder, baselineBytes })
    },
    release: () => trainer.release(),
  }
}

/** Adapters need a base that has learned something; all weights are trained from the beginning. */
function firstWeights(request: StepRequest, network: Network): Promise<Weights> | Weights {
  return request.method === 'full'
    ? initializeParameters(network, request.seed)
    : textWeights(request, network)
}

/** Of all micro-batches of one optimizer step together. */
function textSize({
  batchSize,
  gradientAccumulationSteps,
  sequenceLength,
}: StepRequest): TokenBatchSize {
  return {
    batchSize: batchSize * gradientAccumulationSteps,
    sequenceLength: sequenceLength ?? 1,
  }
}

/** Validation loss at the end; null where the loss stopped being a number, which has then been said. */
async function* train(
  trainer: Trainer,
  text: ByteText,
  request: StepRequest,
): AsyncGenerator<EngineEvent, number | null> {
  const size = textSize(request)
  const stepCount = request.trainingSteps ?? 0
  const { hiddenSize } = workloadDecoder(request)!
  const highest = request.learningRate ?? textLearningRate(hiddenSize, request.optimizer)
  const random = createRandom(request.seed)
  const validation = validationBatches(text.validation, size)
  const period = validationPeriod(stepCount)
  let validationLoss = await validate(trainer, validation)
  yield { type: 'validation', validation: { step: 0, loss: validationLoss } }
  const began = performance.now()
  let reported = began
  let pending: number[] = []
  for (let step = 1; step <= stepCount; step += 1) {
    const rate = highest * textRateShare(step - 1, stepCount)
    const loss = await trainer.step(tokenBatch(drawTokens(text.train, size, random)), rate)
    const isFinite = Number.isFinite(loss)
    if (isFinite) pending.push(loss)
    const now = performance.now()
    const isSeen = step === stepCount || step % period === 0
    if (now - reported >= reportPeriodMs || isSeen || !isFinite) {
      yield { type: 'losses', losses: pending }
      yield {
        type: 'progress',
        fraction: step / stepCount,
        remainingMs: ((now - began) * (stepCount - step)) / step,
        throughputPerSecond: (1000 * pending.length * size.batchSize) / (now - reported),
      }
      pending = []
    }
    if (!isFinite) {
      const reason = `the loss became ${loss} in step ${step} at a learning rate of ${Number(rate.toPrecision(3))}`
      yield { type: 'ended', update: { outcome: 'diverged', reason } }
      return null
    }
    if (isSeen) {
      validationLoss = await validate(trainer, validation)
      yield { type: 'validation', validation: { step, loss: validationLoss } }
    }
    if (pending.length === 0) reported = performance.now()
  }
  return validationLoss
}

/**
 * Mean loss over all batches in the arithmetic of the training: its own graph computes it, and the new
 * state is thrown away.
 */
async function validate(trainer: Trainer, batches: readonly TokenBatch[]): Promise<number> {
  let sum = 0
  for (const batch of batches) sum += await trainer.loss(tokenBatch(batch))
  return sum / batches.length
}

function tokenBatch({ tokens, labels }: TokenBatch): TrainingBatch {
  return { input: tokens, labels }
}
