import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { sha256Base64, sha256Hex } from './sha256'

it('gives the digests of FIPS 180-4', () => {
  expect(sha256Hex('abc')).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad')
  expect(sha256Hex('')).toBe('e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855')
})

it('agrees with Node for any text, across the lengths where the padding takes a block more', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (text) => {
      const wellFormed = text.toWellFormed()
      expect(sha256Hex(wellFormed)).toBe(createHash('sha256').update(wellFormed).digest('hex'))
    }),
  )
  for (const length of [55, 56, 63, 64, 65, 119, 120]) {
    const text = 'a'.repeat(length)
    expect(sha256Base64(text)).toBe(createHash('sha256').update(text).digest('base64'))
  }
})
