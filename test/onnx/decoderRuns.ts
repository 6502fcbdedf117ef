import { createRandom } from '../../src/core/random'
import type { GptConfig } from '../../src/core/onnx/networks/gptConfig'
import { gptDecoder } from '../../src/core/onnx/networks/gptDecoder'
import {
  initializeParameters,
  type Network,
  type Weights,
} from '../../src/core/onnx/networks/network'
import type { TrainingOptions } from '../../src/core/onnx/trainingOptions'
import type { Batch } from './runTraining'
import { tinyGpt2, tinyLlama } from './tinyDecoders'

/** Five steps of training tiny decoders, the same wherever they are run. */

export interface DecoderRun {
  readonly name: string
  readonly network: Network
  readonly weights: Weights
  readonly batch: Batch
  readonly options: TrainingOptions & { readonly learningRate: number }
}

const adapters = { rank: 4, alpha: 8, targets: ['q_proj', 'v_proj'] }
const variants: readonly (readonly [name: string, GptConfig, Partial<TrainingOptions>])[] = [
  ['tiny-gpt2', tinyGpt2, {}],
  [
    'tiny-llama, adapters over 8 bits, checkpointed, in two micro-batches',
    tinyLlama,
    {
      method: { type: 'qlora', bits: 8, blockSize: 8, ...adapters },
      isCheckpointed: true,
      accumulationSteps: 2,
    },
  ],
]

/** Few, for SwiftShader takes ten seconds to compile the shaders of each. */
export const decoderRuns: readonly DecoderRun[] = variants.map(([name, config, changes]) => {
  const network = gptDecoder(config, 8)
  const options = {
    precision: 'fp32',
    batchSize: 4,
    optimizer: 'adamw',
    learningRate: 0.01,
    stepCount: 5,
    ...changes,
  } as const
  const random = createRandom(2)
  const length = 5 * (options.accumulationSteps ?? 1) * 4 * 8
  const draw = () => Int32Array.from({ length }, () => random.integer(config.vocabSize))
  return {
    name,
    network,
    weights: initializeParameters(network, 0),
    batch: { input: draw(), labels: draw() },
    options,
  }
})
