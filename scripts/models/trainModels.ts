// Trains what comes with the application. Same seed, same machine: same weights; another processor
// may round its sums in another order.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { top1Accuracy } from '../../src/core/accuracy'
import { digitsFile, parseDigits, splitDigits } from '../../src/core/datasets/digits'
import { encodeTrainedWeights } from '../../src/core/models/trainedWeights'
import { buildInferenceGraph } from '../../src/core/onnx/inferenceGraph'
import { initializeParameters, type Weights } from '../../src/core/onnx/networks/network'
import { presetNetwork } from '../../src/core/onnx/networks/presets'
import { buildTrainingGraph } from '../../src/core/onnx/trainingGraph'
import type { TrainingPrecision } from '../../src/core/onnx/trainingOptions'
import { trainingDefaults } from '../../src/core/plan/trainingDefaults'
import type { ImagePresetName } from '../../src/core/plan/workload'
import { computeLogitsOnce } from '../../src/engine/evaluate'
import { trainEpochs } from '../../src/engine/trainEpochs'
import { createTrainer } from '../../src/engine/trainer'

export interface TrainedModel {
  readonly weights: Weights
  /** Fraction of the test images. */
  readonly testAccuracy: number
  readonly file: Uint8Array
}

export const trainingBatchSize = 64

/** Trains `preset` with AdamW in batches of 64 on the CPU. */
export async function trainModel(
  preset: ImagePresetName,
  { seed = 0, precision = 'fp32' }: { seed?: number; precision?: TrainingPrecision } = {},
): Promise<TrainedModel> {
  const digits = parseDigits(readFileSync(join('resources', digitsFile)))
  const { train, test } = splitDigits(digits)
  const network = presetNetwork(preset)
  const batchSize = trainingBatchSize
  const training = buildTrainingGraph(network, { precision, batchSize, optimizer: 'adamw' })
  const trainer = await createTrainer(training, initializeParameters(network, seed), {
    provider: 'cpu',
    seed,
  })
  const optimizer = 'adamw'
  let epochs = 0
  for await (const { epoch } of trainEpochs(trainer, train, {
    optimizer,
    batchSize,
    learningRate: null,
    seed,
  }))
    epochs = epoch
  const weights = await trainer.weights()
  await trainer.release()
  const inference = buildInferenceGraph(network, weights, {
    precision: 'fp32',
    batchSize: test.count,
  })
  const logits = await computeLogitsOnce(inference, 'cpu', test)
  const testAccuracy = top1Accuracy(logits, test.labels)
  const metadata = {
    network: preset,
    dataset: 'UCI optical digits, training split of seed 0',
    optimizer: `${optimizer}, learning rate ${trainingDefaults(optimizer).learningRate} falling to 0, batch ${batchSize}, ${epochs} epochs`,
    seed: String(seed),
    testAccuracy: testAccuracy.toFixed(4),
    format: 'headroom',
  }
  return { weights, testAccuracy, file: encodeTrainedWeights(network, weights, metadata) }
}
