import fc from 'fast-check'
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { mutationsOf } from '../../../test/mutateBytes'
import { InputError } from '../errors'
import { digitsCnn } from '../onnx/networks/digitsCnn'
import { digitsMlp } from '../onnx/networks/digitsMlp'
import { initializeParameters, parameterCount } from '../onnx/networks/network'
import { presetNetwork } from '../onnx/networks/presets'
import { imagePresetNames } from '../plan/workload'
import { byteSourceOf } from './byteSource'
import { readSafetensors } from './safetensors'
import { encodeTrainedWeights, parseTrainedWeights, trainedWeightsFile } from './trainedWeights'

const weights = initializeParameters(digitsCnn, 1)
const file = encodeTrainedWeights(digitsCnn, weights, { seed: '1' })

it('gives back the weights bit by bit', () => {
  expect(parseTrainedWeights(file, digitsCnn)).toEqual(weights)
})

it('stores in fp16 where it is told to: each weight rounded to 11 bits', () => {
  const half = encodeTrainedWeights(digitsCnn, weights, {}, 'F16')
  expect(half.length).toBeLessThan(0.6 * file.length)
  for (const [name, values] of parseTrainedWeights(half, digitsCnn)) {
    const wide = weights.get(name)!
    values.forEach((value, i) => {
      expect(Math.abs(value - wide[i]!)).toBeLessThanOrEqual(
        2 ** -11 * Math.abs(wide[i]!) + 2 ** -25,
      )
    })
  }
})

describe.each(imagePresetNames)('the file of %s', (preset) => {
  const bytes = new Uint8Array(readFileSync(`resources/${trainedWeightsFile(preset)}`))

  it('is safetensors for any reader, and says how it was made', async () => {
    const read = await readSafetensors(byteSourceOf(preset, bytes))
    expect(read.parameterCount).toBe(parameterCount(presetNetwork(preset)))
    expect(read.metadata).toMatchObject({ network: preset, seed: '0' })
    expect(Number(read.metadata['testAccuracy'])).toBeGreaterThan(0.97)
  })
})

it('refuses the weights of another network by the name of the first that is missing', () => {
  expect(() => parseTrainedWeights(file, digitsMlp)).toThrow(
    'linear1.weight is not fp32 or fp16 of shape [64, 128]',
  )
})

it('refuses weights that are not finite', () => {
  const broken = new Map(weights).set('conv1.bias', new Float32Array(16).fill(NaN))
  expect(() => parseTrainedWeights(encodeTrainedWeights(digitsCnn, broken, {}), digitsCnn)).toThrow(
    'conv1.bias is not finite',
  )
})

it('reads a damaged file or refuses it in one line', () => {
  // The header and the first tensors: damage to other numbers is not seen by any reader.
  const refusalOf = (bytes: Uint8Array): string => {
    try {
      parseTrainedWeights(bytes, digitsCnn)
      return ''
    } catch (error) {
      if (error instanceof InputError) return error.toLine()
      throw error
    }
  }
  const check = (bytes: Uint8Array) => expect(refusalOf(bytes)).not.toContain('\n')
  const headerEnd = 8 + Number(new DataView(file.buffer).getBigUint64(0, true))
  const tail = file.slice(headerEnd)
  fc.assert(
    fc.property(mutationsOf(file.slice(0, headerEnd)), (head) => {
      check(Uint8Array.from([...head, ...tail.subarray(0, 64)]))
      const whole = new Uint8Array(head.length + tail.length)
      whole.set(head)
      whole.set(tail, head.length)
      check(whole)
    }),
    { numRuns: 300 },
  )
  for (const header of ['null', '[]', '1', '{"conv1.weight":null}']) {
    const text = new TextEncoder().encode(header)
    check(Uint8Array.from([text.length, 0, 0, 0, 0, 0, 0, 0, ...text]))
  }
})
