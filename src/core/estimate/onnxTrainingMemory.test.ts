import { describe, expect, it, vi } from 'vitest'
import { measureGraphPeak, threadCount } from '../../../test/onnx/measureGraphPeak'
import { tinyGpt2, tinyLlama } from '../../../test/onnx/tinyDecoders'
import type { GptConfig } from '../onnx/networks/gptConfig'
import { gptDecoder } from '../onnx/networks/gptDecoder'
import { parameterCount } from '../onnx/networks/network'
import { buildTrainingGraph } from '../onnx/trainingGraph'
import type { TrainingOptions } from '../onnx/trainingOptions'
import { buildTrainingProbe } from '../onnx/trainingProbe'
import { estimateGraphMemory } from './onnxGraphMemory'

// Sessions of a thousand nodes, made while other tests run.
vi.setConfig({ testTimeout: 60_000 })

const sequenceLength = 32
const sizes = {
  vocabSize: 256,
  hiddenSize: 128,
  intermediateSize: 512,
  numHiddenLayers: 2,
  maxPositionEmbeddings: 64,
}
const decoders = { 'tiny-gpt2': tinyGpt2, 'tiny-llama': tinyLlama }
type DecoderName = keyof typeof decoders

function decoder(name: DecoderName, changes: Partial<GptConfig> = {}) {
  return gptDecoder({ ...decoders[name], ...sizes, ...changes }, sequenceLength)
}

const common = { precision: 'fp32', batchSize: 4, optimizer: 'adamw' } as const
const adapters = { rank: 4, alpha: 8, targets: ['q_proj', 'v_proj'] }

describe('what ONNX Runtime’s profile says of a training graph, predicted within 5 %', () => {
  it.each<[DecoderName, Partial<TrainingOptions>]>([
    ['tiny-gpt2', {}],
    ['tiny-llama', {}],
    ['tiny-gpt2', { batchSize: 16 }],
    ['tiny-llama', { batchSize: 16 }],
    ['tiny-gpt2', { optimizer: 'sgd' }],
    ['tiny-llama', { optimizer: 'momentum' }],
    ['tiny-gpt2', { optimizer: 'adamw8bit' }],
    ['tiny-gpt2', { precision: 'fp16-mixed' }],
    ['tiny-gpt2', { precision: 'int8-qat' }],
    ['tiny-llama', { isCheckpointed: true, batchSize: 16 }],
    ['tiny-gpt2', { accumulationSteps: 2 }],
    ['tiny-gpt2', { stepCount: 2 }],
    ['tiny-llama', { method: { type: 'lora', ...adapters } }],
    ['tiny-gpt2', { method: { type: 'qlora', bits: 8, blockSize: 32, ...adapters } }],
    ['tiny-llama', { method: { type: 'qlora', bits: 4, blockSize: 32, ...adapters } }],
  ])('%s %o', async (name, options) => {
    const { graph } = buildTrainingGraph(decoder(name), { ...common, ...options })
    const theory = estimateGraphMemory(graph, { isCpu: true, threadCount })
    const measured = await measureGraphPeak(graph)
    expect(Math.abs(theory.peakBytes / measured - 1)).toBeLessThan(0.05)
  })
})

describe('the probe', () => {
  it.each<[DecoderName, Pick<TrainingOptions, 'batchSize' | 'stepCount'>]>([
    ['tiny-gpt2', { batchSize: 4, stepCount: 4 }],
    ['tiny-llama', { batchSize: 4, stepCount: 2 }],
    ['tiny-gpt2', { batchSize: 16, stepCount: 2 }],
    ['tiny-llama', { batchSize: 16, stepCount: 2 }],
  ])(
    'of %s, %o, holds at most 1.15 times 16 bytes per parameter and the activations',
    async (name, options) => {
      const network = decoder(name, { numHiddenLayers: 4 })
      const { graph } = buildTrainingProbe(network, { ...common, ...options })
      const theory = estimateGraphMemory(graph, { isCpu: true, threadCount })
      const measured = await measureGraphPeak(graph)
      expect(Math.abs(theory.peakBytes / measured - 1)).toBeLessThan(0.05)
      const activationsBytes = Math.max(...theory.phases.map(({ terms }) => terms.activationsBytes))
      expect(measured).toBeLessThan(1.15 * (16 * parameterCount(network) + activationsBytes))
    },
  )
})

it('measures less where blocks are checkpointed: what five hold is held for one', async () => {
  const network = decoder('tiny-gpt2', { numHiddenLayers: 5 })
  // Without optimizer states, which would hide what is saved.
  const options = { ...common, batchSize: 16, optimizer: 'sgd' } as const
  const plain = await measureGraphPeak(buildTrainingGraph(network, options).graph)
  const { graph } = buildTrainingGraph(network, { ...options, isCheckpointed: true })
  expect(await measureGraphPeak(graph)).toBeLessThan(0.6 * plain)
})

it.each([8, 4] as const)('dequantizes a base of %d bits one weight at a time', async (bits) => {
  const network = gptDecoder({ ...tinyLlama, ...sizes, hiddenSize: 256, intermediateSize: 1024 }, 4)
  const method = { type: 'qlora', bits, blockSize: 64, ...adapters } as const
  const { graph } = buildTrainingGraph(network, { ...common, batchSize: 1, method })
  const weights = [...graph.inputs, ...graph.initializers.map(({ value }) => value)]
  const baseBytes = weights
    .filter(({ role, name }) => role === 'weight' && !name.includes('lora'))
    .reduce(
      (sum, { dtype, shape }) =>
        sum +
        shape.reduce(
          (product, size) => product * size,
          { fp32: 4, int8: 1 }[dtype as 'fp32'] ?? 0.5,
        ),
      0,
    )
  // up_proj in fp32: 256 · 1024 · 4
  const largestBytes = 2 ** 20
  expect(await measureGraphPeak(graph)).toBeLessThan(1.2 * baseBytes + 3 * largestBytes)
})
