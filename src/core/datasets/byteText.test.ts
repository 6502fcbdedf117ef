import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { createRandom } from '../random'
import { drawTokens, splitText, textFile, validationBatches } from './byteText'

const text = new TextEncoder().encode('It was a truth universally acknowledged')

it('labels each token with the one after it', () => {
  const { tokens, labels } = drawTokens(text, { batchSize: 3, sequenceLength: 5 }, createRandom(1))
  expect(tokens).toHaveLength(15)
  for (const sequence of [0, 1, 2]) {
    const of = (values: Int32Array) => [...values.subarray(5 * sequence, 5 * sequence + 5)]
    expect(of(labels).slice(0, 4)).toEqual(of(tokens).slice(1))
  }
})

it('draws the same batches for the same seed, and reaches the first and the last token', () => {
  const size = { batchSize: 200, sequenceLength: text.length - 2 }
  const batch = drawTokens(text, size, createRandom(7))
  expect(drawTokens(text, size, createRandom(7))).toEqual(batch)
  // Two places to begin at: the last label is the text's last byte or the one before.
  const starts = new Set(
    Array.from({ length: 200 }, (_, i) => batch.tokens[i * size.sequenceLength]),
  )
  expect(starts).toEqual(new Set([text[0], text[1]]))
})

it('validates on 4096 tokens in whole batches, spread over the whole text', () => {
  const long = Uint8Array.from({ length: 10_000 }, (_, i) => i % 251)
  const batches = validationBatches(long, { batchSize: 16, sequenceLength: 64 })
  expect(batches).toHaveLength(4096 / (16 * 64))
  expect(batches[0]!.tokens[0]).toBe(long[0])
  expect(batches.at(-1)!.labels.at(-1)).toBe(long.at(-1))
  // 24 · 200 tokens are the first whole number of batches of 4800 that holds 4096.
  expect(validationBatches(long, { batchSize: 24, sequenceLength: 200 })).toHaveLength(1)
  // 512 batches of 8 tokens would take longer than the training.
  expect(validationBatches(long, { batchSize: 1, sequenceLength: 8 })).toHaveLength(16)
})

it('refuses a sequence that leaves no token after it', () => {
  const draw = (sequenceLength: number) =>
    drawTokens(text, { batchSize: 1, sequenceLength }, createRandom(0))
  expect(draw(text.length - 1).tokens).toHaveLength(text.length - 1)
  expect(() => draw(text.length)).toThrow('more than the text has (39)')
})

it('splits the novel into nine tenths and a tenth: 466 854 bytes of ASCII', () => {
  const bytes = readFileSync(`resources/${textFile}`)
  const { train, validation } = splitText(bytes)
  expect([train.length, validation.length]).toEqual([420_168, 46_686])
  expect(bytes.every((byte) => byte < 128)).toBe(true)
})
