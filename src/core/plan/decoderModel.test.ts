import { expect, it } from 'vitest'
import { parameterCount } from '../onnx/networks/network'
import { cutDecoder } from './decoderModel'
import { defaultWorkload, Workload } from './workload'
import { networkName } from './networkName'
import { resolveWorkload, usualBatchSize, workloadNetwork } from './workloadNetwork'

const config = {
  model_type: 'llama',
  vocab_size: 1000,
  hidden_size: 64,
  intermediate_size: 128,
  num_hidden_layers: 12,
  num_attention_heads: 4,
  max_position_embeddings: 96,
}
const at = (path: string) => expect.objectContaining({ path }) as Error

it('keeps the first layers and remembers how many there were', () => {
  const model = cutDecoder('mine', config, 2)
  expect(model).toMatchObject({ layerCount: 12, config: { numHiddenLayers: 2, name: 'mine' } })
  expect(cutDecoder('mine', config, null).config.numHiddenLayers).toBe(12)
})

it('refuses more layers than there are, and fewer tokens than bytes', () => {
  expect(() => cutDecoder('mine', config, 13)).toThrow(at('layers'))
  expect(() => cutDecoder('mine', { ...config, vocab_size: 255 }, 2)).toThrow(
    at('model.config.vocab_size'),
  )
})

it('is a workload with the numbers that are usual: no longer than its positions', () => {
  const model = cutDecoder('mine', config, 2)
  const asked = {
    ...defaultWorkload,
    preset: null,
    model,
    batchSize: usualBatchSize({ preset: null, model }),
  }
  const workload = resolveWorkload(asked)
  expect(Workload.parse(workload)).toEqual(workload)
  expect(workload).toMatchObject({ batchSize: 1, sequenceLength: 96, trainingSteps: 20 })
  expect(networkName(workload)).toBe('mine')
  // 2 · (4 · 64² + 3 · 64 · 128 + 2 · 64) + embedding + last norm; its head is tied where nothing is said
  const layers = 2 * (4 * 64 ** 2 + 3 * 64 * 128 + 2 * 64)
  const count = parameterCount(workloadNetwork(workload))
  expect([layers + 1000 * 64 + 64, layers + 2 * 1000 * 64 + 64]).toContain(count)
})

it('is named once: a preset and a model exclude each other, and one of them is needed', () => {
  const model = cutDecoder('mine', config, 2)
  expect(() => resolveWorkload({ ...defaultWorkload, model })).toThrow(at('preset'))
  expect(() => resolveWorkload({ ...defaultWorkload, preset: null })).toThrow(at('preset'))
})
