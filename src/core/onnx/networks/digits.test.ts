import { describe, expect, it } from 'vitest'
import { slopeErrors } from '../../../../test/onnx/networkGradients'
import { imagePresetNames } from '../../plan/workload'
import { digitsCnn } from './digitsCnn'
import { digitsMlp } from './digitsMlp'
import { initializeParameters, parameterCount } from './network'
import { presetNetwork } from './presets'

it('counts its parameters', () => {
  // 64·128 + 128 + 128·64 + 64 + 64·10 + 10
  expect(parameterCount(digitsMlp)).toBe(17_226)
  // 9·16 + 16 + 16·9·32 + 32 + 512·10 + 10
  expect(parameterCount(digitsCnn)).toBe(9_930)
})

it('answers to the name of each preset', () => {
  expect(imagePresetNames.map((name) => presetNetwork(name).name)).toEqual([...imagePresetNames])
})

it('initializes alike for the same seed', () => {
  expect(initializeParameters(digitsMlp, 3)).toEqual(initializeParameters(digitsMlp, 3))
  expect(initializeParameters(digitsMlp, 3)).not.toEqual(initializeParameters(digitsMlp, 4))
})

describe('parameter gradients agree with finite differences', () => {
  it.each([
    { network: digitsMlp, epsilon: 1e-6, tolerance: 1e-6 },
    // ONNX Runtime convolves in fp32.
    { network: digitsCnn, epsilon: 2e-3, tolerance: 2e-3 },
  ])('$network.name', async ({ network, epsilon, tolerance }) => {
    const errors = await slopeErrors(network, epsilon, 4)
    expect(errors.size).toBe(network.parameters.length)
    for (const { relativeError, slope } of errors.values()) {
      expect(relativeError).toBeLessThan(tolerance)
      expect(Math.abs(slope)).toBeGreaterThan(1e-6)
    }
  })
})
