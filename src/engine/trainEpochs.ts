import { batchesPerEpoch, shuffledBatches } from '../core/datasets/batches'
import type { LabelledImages } from '../core/datasets/labelledImages'
import { scheduledRate, trainingDefaults } from '../core/plan/trainingDefaults'
import type { WorkloadOptimizer } from '../core/plan/workload'
import { createRandom } from '../core/random'
import type { Trainer, TrainingBatch } from './trainer'

export interface TrainedEpoch {
  /** From 1. */
  readonly epoch: number
  readonly epochs: number
  /** Mean over the epoch's steps. */
  readonly loss: number
  readonly imagesPerSecond: number
  /** Of its first step. */
  readonly learningRate: number
}

export interface EpochOptions {
  readonly optimizer: WorkloadOptimizer
  readonly batchSize: number
  /** The highest; null: the usual one. */
  readonly learningRate: number | null
  /** Of the order of the batches. */
  readonly seed: number
}

/** The images as a network takes them. */
export function imageBatch({ pixels, labels }: LabelledImages): TrainingBatch {
  return { input: pixels, labels }
}

/** Trains as `trainingDefaults` says and hands over after each epoch, for as long as anybody asks. */
export async function* trainEpochs(
  trainer: Trainer,
  images: LabelledImages,
  { optimizer, batchSize, learningRate: asked, seed }: EpochOptions,
): AsyncGenerator<TrainedEpoch> {
  const { epochs, learningRate: usual } = trainingDefaults(optimizer)
  const learningRate = asked ?? usual
  const stepsPerEpoch = batchesPerEpoch(images.count, batchSize)
  const rateOf = (step: number) => scheduledRate(learningRate, step, epochs * stepsPerEpoch)
  const random = createRandom(seed)
  let step = 0
  for (let epoch = 1; epoch <= epochs; epoch += 1) {
    const began = performance.now()
    const firstStep = step
    let sum = 0
    for (const batch of shuffledBatches(images, batchSize, random)) {
      sum += await trainer.step(imageBatch(batch), rateOf(step))
      step += 1
    }
    yield {
      epoch,
      epochs,
      loss: sum / stepsPerEpoch,
      imagesPerSecond: (1000 * stepsPerEpoch * batchSize) / (performance.now() - began),
      learningRate: rateOf(firstStep),
    }
  }
}
