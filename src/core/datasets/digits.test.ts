import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { createRandom } from '../random'
import { digitsFile, parseDigits, splitDigits } from './digits'

const bytes = new Uint8Array(readFileSync(`resources/${digitsFile}`))
const digits = parseDigits(bytes)

describe('digits.bin', () => {
  it('is the file that scripts/makeDigits.py makes', () => {
    expect(sha256Hex(bytes)).toBe(
      '68aea062d35a127749050fa0e52dca09d6569ac08092c925610e0954e172dde2',
    )
  })

  it('holds the 1,797 images of the UCI test set, as many of each digit as UCI counts', () => {
    expect(digits.count).toBe(1797)
    const counts = Array.from({ length: 10 }, () => 0)
    for (const label of digits.labels) counts[label]! += 1
    expect(counts).toStrictEqual([178, 182, 177, 183, 181, 182, 181, 179, 174, 180])
  })

  it('begins with a zero', () => {
    expect(digits.labels[0]).toBe(0)
    expect([...digits.pixels.subarray(0, 8)].map((pixel) => pixel * 16)).toStrictEqual([
      0, 0, 5, 13, 9, 1, 0, 0,
    ])
  })
})

describe('parseDigits', () => {
  it('refuses a file that was cut off', () => {
    expect(() => parseDigits(bytes.subarray(0, 100))).toThrow('100 bytes are not a whole number')
    expect(() => parseDigits(new Uint8Array())).toThrow('0 bytes')
  })

  it('refuses pixels and labels that cannot be, naming the place', () => {
    const bright = bytes.slice(0, 130)
    bright[70] = 17
    expect(() => parseDigits(bright)).toThrow('byte 70 is 17')
    const eleven = bytes.slice(0, 130)
    eleven[129] = 10
    expect(() => parseDigits(eleven)).toThrow('image 1 is labelled 10')
  })
})

describe('splitDigits', () => {
  const { train, calibration, test } = splitDigits(digits)

  it('has 60 %, 20 % and the rest of 1,797 images', () => {
    // floor(1078.2), floor(359.4), 1797 − 1078 − 359
    expect([train.count, calibration.count, test.count]).toStrictEqual([1078, 359, 360])
  })

  it('is the permutation of seed 0, which is not to be changed', () => {
    const order = createRandom(0).permutation(1797)
    const littleEndian = new DataView(new ArrayBuffer(order.length * 4))
    order.forEach((index, place) => littleEndian.setUint32(place * 4, index, true))
    expect(sha256Hex(new Uint8Array(littleEndian.buffer))).toBe(
      '63a6b5855503112a59b8039a8c71ddf585bcd4c932cd1f86c565fefc2241b23d',
    )
    expect(train.labels[0]).toBe(digits.labels[order[0]!])
    expect(test.labels.at(-1)).toBe(digits.labels[order[1796]!])
  })

  it('has every digit in every part', () => {
    for (const part of [train, calibration, test]) expect(new Set(part.labels).size).toBe(10)
  })
})

function sha256Hex(data: Uint8Array): string {
  return createHash('sha256').update(data).digest('hex')
}
