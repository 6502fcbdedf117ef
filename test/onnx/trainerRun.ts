import { gptDecoder } from '../../src/core/onnx/networks/gptDecoder'
import { initializeParameters } from '../../src/core/onnx/networks/network'
import { buildTrainingGraph } from '../../src/core/onnx/trainingGraph'
import { createRandom } from '../../src/core/random'
import { tinyLlama } from './tinyDecoders'

/** Adapters beside a frozen base of 8 bits, five batches: what a trainer's test trains. */
export function trainerRun() {
  const network = gptDecoder(tinyLlama, 8)
  const weights = initializeParameters(network, 0)
  const training = buildTrainingGraph(
    network,
    {
      precision: 'fp32',
      batchSize: 2,
      optimizer: 'adamw',
      method: {
        type: 'qlora',
        bits: 8,
        blockSize: 8,
        rank: 4,
        alpha: 8,
        targets: ['q_proj', 'v_proj'],
      },
    },
    weights,
  )
  const random = createRandom(0)
  const tokens = () =>
    Int32Array.from({ length: 16 }, () => Math.floor(random.uniform() * tinyLlama.vocabSize))
  const batches = Array.from({ length: 5 }, () => ({ input: tokens(), labels: tokens() }))
  return { training, weights, batches }
}
