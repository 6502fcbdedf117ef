import { expect, it } from 'vitest'
import { parameterCount } from '../onnx/networks/network'
import { stepTheory } from './stepTheory'
import { textRateShare, validationPeriod } from './trainingDefaults'
import { defaultWorkload, textPresetNames, type Workload } from './workload'
import { resolveWorkload, workloadNetwork } from './workloadNetwork'

const workload = (change: Partial<Workload>): Workload => ({ ...defaultWorkload, ...change })

it.each([
  // layers · (4 · width² + 3 · width · inner + 2 norms) + embedding + head + last norm
  ['gpt-nano', 4 * (4 * 128 ** 2 + 3 * 128 * 352 + 2 * 128) + 2 * 256 * 128 + 128],
  ['gpt-mini', 6 * (4 * 384 ** 2 + 3 * 384 * 1024 + 2 * 384) + 2 * 256 * 384 + 384],
  ['gpt-small', 12 * (4 * 768 ** 2 + 3 * 768 * 2048 + 2 * 768) + 2 * 256 * 768 + 768],
] as const)('%s has %i parameters', (preset, count) => {
  expect(parameterCount(workloadNetwork(resolveWorkload(workload({ preset }))))).toBe(count)
})

it.each(textPresetNames)('%s is estimated without weights of its own', (preset) => {
  const asked = resolveWorkload(workload({ preset, batchSize: 2, sequenceLength: 32 }))
  const network = workloadNetwork(asked)
  const full = { optimizer: 'adamw', method: 'full' } as const
  const none = { optimizer: null, method: null }
  const train = stepTheory(network, { mode: 'train', precision: 'fp32', ...full }, asked, 'cpu')
  const infer = stepTheory(network, { mode: 'infer', precision: 'fp16', ...none }, asked, 'cuda')
  // fed and given back, weights and two moments are 2 · 12 bytes per parameter
  expect(train.memory.peakBytes).toBeGreaterThan(20 * parameterCount(network))
  // Each product once forward, and once for the gradient of each of its factors.
  expect(train.flops / infer.flops).toBe(3)
})

it('refuses what a network does not have, by its field', () => {
  const refuse = (change: Partial<Workload>) => () => {
    workloadNetwork(resolveWorkload(workload(change)))
  }
  const at = (path: string) => expect.objectContaining({ path }) as Error
  expect(refuse({ preset: 'gpt-nano', sequenceLength: 257 })).toThrow(at('sequenceLength'))
  expect(refuse({ sequenceLength: 64 })).toThrow(at('sequenceLength'))
  expect(refuse({ trainingSteps: 10 })).toThrow(at('trainingSteps'))
})

it('raises the rate over the first tenth of the steps, and lets it fall to 0', () => {
  const rates = Array.from({ length: 200 }, (_, step) => textRateShare(step, 200))
  expect([rates[0], rates[19], rates[20]]).toEqual([1 / 20, 1, 1])
  expect(rates[199]).toBeCloseTo(1 / 180, 12)
  expect([validationPeriod(200), validationPeriod(7), validationPeriod(1)]).toEqual([20, 1, 1])
})
