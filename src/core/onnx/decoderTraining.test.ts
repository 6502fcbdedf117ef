import { expect, it } from 'vitest'
import { startGraph } from '../../../test/onnx/runGraph'
import { tinyGpt2, tinyLlama } from '../../../test/onnx/tinyDecoders'
import { createRandom } from '../random'
import { elementCount } from './graph'
import { gptDecoder } from './networks/gptDecoder'
import { initializeParameters, type Network } from './networks/network'
import { stepScalars } from './trainingFeeds'
import { buildTrainingGraph, type TrainingPrecision } from './trainingGraph'

const sequenceLength = 8
const batchSize = 4
const stepCount = 30

/** Losses of training on one batch, in which each token's label is the next in the vocabulary. */
async function lossesOnOneBatch(network: Network, precision: TrainingPrecision) {
  const training = buildTrainingGraph(network, { precision, batchSize, optimizer: 'adamw' })
  const random = createRandom(1)
  const tokens = Int32Array.from({ length: batchSize * sequenceLength }, () =>
    random.integer(network.classCount),
  )
  const weights = initializeParameters(network, 0)
  let state = new Map<string, ArrayLike<number>>(
    training.states.map(({ name, role, parameter, shape }) => [
      name,
      role === 'weight' ? weights.get(parameter)! : new Float32Array(elementCount(shape)),
    ]),
  )
  const runner = await startGraph(training.graph)
  const losses: number[] = []
  for (let step = 1; step <= stepCount; step += 1) {
    const scalars = stepScalars(training, { step, learningRate: 0.01, lossScale: 1024 })
    const results = await runner.run({
      ...Object.fromEntries(state),
      ...Object.fromEntries(Object.entries(scalars).map(([name, value]) => [name, [value]])),
      input: tokens,
      labels: tokens.map((token) => (token + 1) % network.classCount),
    })
    state = new Map(training.states.map(({ name, nextName }) => [name, results[nextName]!]))
    losses.push(results.loss![0]!)
  }
  await runner.release()
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
