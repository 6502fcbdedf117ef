import { describe, expect, it } from 'vitest'
import { type Batch, type RunOptions, runTraining } from '../../../test/onnx/runTraining'
import { tinyGpt2, tinyLlama } from '../../../test/onnx/tinyDecoders'
import { createRandom } from '../random'
import { elementCount } from './graph'
import { digitsCnn } from './networks/digitsCnn'
import { gptDecoder } from './networks/gptDecoder'
import { initializeParameters, type Network, parameterCount } from './networks/network'
import { buildTrainingGraph } from './trainingGraph'
import type { TrainingMethod } from './trainingOptions'

const batchSize = 4
const common = { precision: 'fp32', batchSize, optimizer: 'adamw', learningRate: 0.01 } as const

/** Each token's label is the next in the vocabulary. */
function batchOf(network: Network): Batch {
  const random = createRandom(1)
  const length = batchSize * network.rowsPerSample
  const input = Int32Array.from({ length }, () => random.integer(network.classCount))
  return { input, labels: input.map((token) => (token + 1) % network.classCount) }
}

function train(network: Network, runs: number, options: Partial<RunOptions>) {
  const { input, labels } = batchOf(network)
  const repeated = (values: ArrayLike<number>) =>
    Array.from({ length: options.stepCount ?? 1 }, () => Array.from(values)).flat()
  const batch = { input: repeated(input), labels: repeated(labels) }
  const batches = Array.from({ length: runs }, () => batch)
  return runTraining(network, initializeParameters(network, 0), batches, { ...common, ...options })
}

const gpt2 = gptDecoder(tinyGpt2, 8)
const llama = gptDecoder(tinyLlama, 8)
const targets = ['q_proj', 'v_proj', 'up_proj']
const lora: TrainingMethod = { type: 'lora', rank: 4, alpha: 8, targets }
const qlora = (bits: 8 | 4): TrainingMethod => ({ ...lora, type: 'qlora', bits, blockSize: 8 })

it.each([gpt2, llama])('$name learns alike with and without checkpointing', async (network) => {
  const plain = await train(network, 3, {})
  const checkpointed = await train(network, 3, { isCheckpointed: true })
  checkpointed.losses.forEach((loss, step) => expect(loss).toBeCloseTo(plain.losses[step]!, 5))
})

describe('low-rank adapters', () => {
  it('change nothing at first, and nothing but themselves', async () => {
    const full = await train(gpt2, 1, {})
    const adapted = await train(gpt2, 1, { method: lora })
    expect(adapted.losses[0]).toBeCloseTo(full.losses[0]!, 6)
    const { states, trained, frozen } = buildTrainingGraph(gpt2, { ...common, method: lora })
    // Two blocks of three layers, 16·4 + 4·16 for q and v, 16·4 + 4·24 for up.
    const count = trained.reduce((sum, { shape }) => sum + elementCount(shape), 0)
    expect(count).toBe(2 * (2 * (64 + 64) + (64 + 96)))
    expect(states.filter(({ role }) => role === 'weight')).toHaveLength(2 * 3 * 2)
    expect(frozen.map(({ parameter }) => parameter)).toEqual(
      gpt2.parameters.map(({ name }) => name),
    )
  })

  it.each([gpt2, llama])('teach $name, with checkpointing as without', async (network) => {
    const { losses } = await train(network, 20, { method: lora })
    expect(losses.at(-1)).toBeLessThan(losses[0]! - 0.05)
    const again = await train(network, 20, { method: lora, isCheckpointed: true })
    again.losses.forEach((loss, step) => expect(loss).toBeCloseTo(losses[step]!, 4))
  })

  it('learn in fp16-mixed what they learn in fp32', async () => {
    const wide = await train(llama, 10, { method: lora })
    const mixed = await train(llama, 10, { method: lora, precision: 'fp16-mixed', lossScale: 1024 })
    mixed.losses.forEach((loss, step) => expect(loss).toBeCloseTo(wide.losses[step]!, 2))
  })
})

describe('a quantized base', () => {
  it.each([
    { bits: 8, tolerance: 0.005 },
    { bits: 4, tolerance: 0.05 },
  ] as const)('of $bits bits gives nearly the loss of fp32', async ({ bits, tolerance }) => {
    for (const network of [gpt2, llama]) {
      const wide = await train(network, 5, { method: lora })
      const { losses } = await train(network, 5, { method: qlora(bits) })
      losses.forEach((loss, step) =>
        expect(Math.abs(loss - wide.losses[step]!)).toBeLessThan(tolerance),
      )
    }
  })

  it('stores the layers’ weights as integers, the rest as it is', () => {
    const { frozen } = buildTrainingGraph(llama, { ...common, method: qlora(8) })
    const of = (name: string) => frozen.filter(({ parameter }) => parameter === name)
    // 16 inputs and 24 outputs: two blocks of 8 to each output
    expect(of('layers.0.mlp.up_proj.weight')).toMatchObject([
      { part: 'integers', dtype: 'int8', shape: [48, 8] },
      { part: 'scales', dtype: 'fp32', shape: [48] },
    ])
    expect(of('lm_head.weight')).toMatchObject([{ part: 'values', dtype: 'fp32' }])
  })
})

describe('AdamW with states of 8 bits', () => {
  it('keeps at most 2.1 bytes per parameter', () => {
    const config = { ...tinyGpt2, vocabSize: 128, hiddenSize: 256, intermediateSize: 1024 }
    const network = gptDecoder({ ...config, maxPositionEmbeddings: 64 }, 8)
    const { states } = buildTrainingGraph(network, { ...common, optimizer: 'adamw8bit' })
    const bytes = states
      .filter(({ role }) => role === 'optimizerState')
      .reduce((sum, { dtype, shape }) => sum + elementCount(shape) * (dtype === 'fp32' ? 4 : 1), 0)
    // 2 · (1 + 4 ÷ 128) = 2.0625, and 8 for 0.4 % of them: biases and norms
    expect(bytes / parameterCount(network)).toBeGreaterThan(2.0625)
    expect(bytes / parameterCount(network)).toBeLessThan(2.1)
  })

  it.each([tinyGpt2, tinyLlama])(
    'brings $name to fp32’s loss within 2 %',
    { timeout: 60_000 },
    async (config) => {
      const network = gptDecoder({ ...config, hiddenSize: 128, intermediateSize: 256 }, 8)
      // Five runs of five steps.
      const options = { learningRate: 0.001, stepCount: 5 }
      const wide = await train(network, 5, options)
      const narrow = await train(network, 5, { ...options, optimizer: 'adamw8bit' })
      expect(Math.abs(narrow.losses.at(-1)! / wide.losses.at(-1)! - 1)).toBeLessThan(0.02)
      expect(wide.losses.at(-1)).toBeLessThan(2.5)
    },
  )
})

it('keeps states of 8 bits through a step that overflows in fp16', async () => {
  const network = gptDecoder({ ...tinyGpt2, hiddenSize: 128, intermediateSize: 256 }, 8)
  const mixed = { precision: 'fp16-mixed', optimizer: 'adamw8bit', learningRate: 0.001 } as const
  const good = await train(network, 1, { ...mixed, lossScale: 1024 })
  expect(good.last.isFinite).toEqual([1])
  // (softmax − 1) ÷ 32 · 2^40 is past 65504
  const skipped = await train(network, 1, { ...mixed, lossScale: 2 ** 40 })
  expect(skipped.last.isFinite).toEqual([0])
  const name = 'layers.0.mlp.up_proj.weight'
  const before = initializeParameters(network, 0).get(name)!
  expect(skipped.state.get(name)).toEqual([...before])
  expect(new Set(Array.from(skipped.state.get(`${name}.m`)!))).toEqual(new Set([0]))
  expect(good.state.get(name)).not.toEqual([...before])
})

describe('quantization-aware training', () => {
  it('follows fp32 at the distance of int8', async () => {
    const wide = await train(gpt2, 20, {})
    const { losses } = await train(gpt2, 20, { precision: 'int8-qat' })
    losses.forEach((loss, step) => expect(Math.abs(loss - wide.losses[step]!)).toBeLessThan(0.05))
    expect(losses[0]).not.toBe(wide.losses[0])
  })

  it('quantizes images and filters too', () => {
    const { graph } = buildTrainingGraph(digitsCnn, { ...common, precision: 'int8-qat' })
    // A Round for both factors of three layers.
    expect(graph.nodes.filter(({ opType }) => opType === 'Round')).toHaveLength(6)
  })
})
