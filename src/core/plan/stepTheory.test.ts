import { expect, it } from 'vitest'
import { presetNetwork } from '../onnx/networks/presets'
import { stepTheory } from './stepTheory'
import { defaultWorkload } from './workload'

const network = presetNetwork('digits-mlp')
const weightsBytes = (precision: 'fp32' | 'fp16' | 'int8', mode: 'infer' | 'train' = 'infer') =>
  stepTheory(
    network,
    { mode, precision, optimizer: 'adamw', method: 'full' },
    defaultWorkload,
    'cuda',
  ).memory.terms.weightsBytes

it('holds half the weights in fp16, and about a quarter in int8', () => {
  expect(weightsBytes('fp16') / weightsBytes('fp32')).toBeCloseTo(0.5, 1)
  expect(weightsBytes('int8') / weightsBytes('fp32')).toBeLessThan(0.35)
})

it('trains with gradients and two AdamW moments beside the weights', () => {
  const { memory: theory } = stepTheory(
    network,
    { mode: 'train', precision: 'fp32', optimizer: 'adamw', method: 'full' },
    defaultWorkload,
    'cpu',
  )
  expect(theory.phases.map(({ phase }) => phase)).toEqual([
    'forward',
    'loss',
    'backward',
    'optimizer',
  ])
  const { weightsBytes: weights, optimizerStatesBytes } = theory.terms
  // Two moments beside each weight; fed and given back, both are there twice at the end.
  expect(optimizerStatesBytes).toBeGreaterThanOrEqual(1.9 * weights)
  expect(theory.peakBytes).toBe(Math.max(...theory.phases.map(({ peakBytes }) => peakBytes)))
})
