import { expect, it } from 'vitest'
import { runTraining } from '../../../test/onnx/runTraining'
import { tinyGpt2, tinyLlama } from '../../../test/onnx/tinyDecoders'
import { createRandom } from '../random'
import { gptDecoder } from './networks/gptDecoder'
import { initializeParameters, type Network } from './networks/network'
import type { TrainingPrecision } from './trainingOptions'

const sequenceLength = 8
const batchSize = 4
const stepCount = 30

/** Losses of training on one batch, in which each token's label is the next in the vocabulary. */
async function lossesOnOneBatch(network: Network, precision: TrainingPrecision) {
  const random = createRandom(1)
  const input = Int32Array.from({ length: batchSize * sequenceLength }, () =>
    random.integer(network.classCount),
  )
  const batch = { input, labels: input.map((token) => (token + 1) % network.classCount) }
  const { losses } = await runTraining(
    network,
    initializeParameters(network, 0),
    Array.from({ length: stepCount }, () => batch),
    { precision, batchSize, optimizer: 'adamw', learningRate: 0.01, lossScale: 1024 },
  )
  return losses
}

it.each([tinyGpt2, tinyLlama])('$name learns alike in fp32 and fp16-mixed', async (config) => {
  const network = gptDecoder(config, sequenceLength)
  const wide = await lossesOnOneBatch(network, 'fp32')
  const mixed = await lossesOnOneBatch(network, 'fp16-mixed')
  // Knowing nothing of 31 tokens costs ln 31 = 3.43.
  expect(wide[0]).toBeCloseTo(Math.log(31), 1)
  expect(wide.at(-1)).toBeLessThan(1)
  wide.forEach((loss, step) => expect(Math.abs(mixed[step]! - loss)).toBeLessThan(0.02))
})
