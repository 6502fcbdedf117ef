import { batchesPerEpoch } from '../core/datasets/batches'
import type { LabelledImages } from '../core/datasets/labelledImages'
import { scheduledRate, trainingDefaults } from '../core/plan/trainingDefaults'
import type { OptimizerName } from '../core/plan/workload'
import type { Trainer } from './trainer'

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

/** Trains as `trainingDefaults` says and hands over after each epoch, for as long as anybody asks. */
export async function* trainEpochs(
  trainer: Trainer,
  images: LabelledImages,
  { optimizer, batchSize }: { readonly optimizer: OptimizerName; readonly batchSize: number },
): AsyncGenerator<TrainedEpoch> {
  const { epochs, learningRate } = trainingDefaults(optimizer)
  const stepsPerEpoch = batchesPerEpoch(images.count, batchSize)
  const rateOf = (step: number) => scheduledRate(learningRate, step, epochs * stepsPerEpoch)
  let step = 0
  for (let epoch = 1; epoch <= epochs; epoch += 1) {
    const began = performance.now()
    const firstStep = step
    let sum = 0
    for (const batch of trainer.batches(images)) {
      sum += await trainer.step(batch, rateOf(step))
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
