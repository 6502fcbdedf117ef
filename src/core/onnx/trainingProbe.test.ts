import { expect, it } from 'vitest'
import { type Fetches, runGraph } from '../../../test/onnx/runGraph'
import { tinyGpt2, tinyLlama } from '../../../test/onnx/tinyDecoders'
import { createRandom } from '../random'
import { gptDecoder } from './networks/gptDecoder'
import type { TrainingOptions } from './trainingOptions'
import { buildTrainingProbe } from './trainingProbe'

const [gpt2, llama] = [tinyGpt2, tinyLlama].map((config) => gptDecoder(config, 8))
const common = { precision: 'fp32', batchSize: 4, optimizer: 'adamw' } as const

async function run(network: typeof gpt2, options: Partial<TrainingOptions>): Promise<Fetches> {
  const probe = buildTrainingProbe(network!, { ...common, ...options })
  const random = createRandom(1)
  const tokens = Int32Array.from({ length: 4 * 8 }, () => random.integer(31))
  return runGraph(probe.graph, { seed: [1], input: tokens, labels: tokens })
}

it('takes steps that lessen the loss, from weights that know nothing', async () => {
  const { loss } = await run(gpt2, { stepCount: 4 })
  expect(loss![0]).toBeCloseTo(Math.log(31), 0)
  expect(loss).toEqual(loss!.toSorted((a, b) => b - a))
  expect(new Set(loss).size).toBe(4)
})

it('takes the same steps whatever follows them', async () => {
  const [short, long] = [await run(llama, {}), await run(llama, { stepCount: 3 })]
  expect(long.loss![0]).toBe(short.loss![0])
})

it('is fed one batch and a number, and gives losses and an element of every tensor', () => {
  const { inputs, outputs } = buildTrainingProbe(gpt2!, { ...common, stepCount: 4 })
  expect(inputs).toEqual([
    { name: 'input', dtype: 'int32', shape: [4, 8] },
    { name: 'labels', dtype: 'int32', shape: [32] },
    { name: 'seed', dtype: 'fp32', shape: [1] },
  ])
  // Small tensors all: of what comes before the blocks, of two blocks and of what comes after.
  expect(outputs).toEqual([
    { name: 'loss', dtype: 'fp32', shape: [4] },
    { name: 'kept', dtype: 'fp32', shape: [4 * 3] },
  ])
})

const adapters = { rank: 2, alpha: 4, targets: ['q_proj'] }
it.each<[string, Partial<TrainingOptions>]>([
  ['fp16-mixed', { precision: 'fp16-mixed' }],
  ['int8-qat', { precision: 'int8-qat' }],
  ['adapters', { method: { type: 'lora', ...adapters } }],
  ['adapters in fp16', { method: { type: 'lora', ...adapters }, precision: 'fp16-mixed' }],
  ['a base of 8 bits', { method: { type: 'qlora', bits: 8, blockSize: 8, ...adapters } }],
  ['a base of 4 bits', { method: { type: 'qlora', bits: 4, blockSize: 8, ...adapters } }],
  ['micro-batches', { batchSize: 2, accumulationSteps: 2, isCheckpointed: true }],
])('probes %s', async (_, options) => {
  const { loss, kept } = await run(gpt2, { stepCount: 2, ...options })
  expect([...loss!, ...kept!].every(Number.isFinite)).toBe(true)
  expect(loss![0]).toBeCloseTo(Math.log(31), 0)
})
