import { Float16Array } from '@petamoriken/float16'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { tensorBytes } from './onnx/tensorData'
import {
  describeNumberFormat,
  fateInFormat,
  numberFormatNames,
  numberFormats,
  type NumberFormatName,
  roundToFormat,
} from './numberFormat'

it.each<[NumberFormatName, number, number, number, number, number]>([
  // name, largest, smallest normal, smallest at all, step at 1, distinct values
  // fp32: 2 signs · 255 exponents · 2²³ − 1 for −0
  ['fp32', (2 - 2 ** -23) * 2 ** 127, 2 ** -126, 2 ** -149, 2 ** -23, 4_278_190_079],
  ['tf32', (2 - 2 ** -10) * 2 ** 127, 2 ** -126, 2 ** -136, 2 ** -10, 2 * 255 * 1024 - 1],
  ['fp16', 65_504, 2 ** -14, 2 ** -24, 2 ** -10, 2 * 31 * 1024 - 1],
  ['bf16', (2 - 2 ** -7) * 2 ** 127, 2 ** -126, 2 ** -133, 2 ** -7, 2 * 255 * 128 - 1],
  // e4m3: 1.75 · 2⁸; 2 · (16 · 8 − 1 NaN) − 1
  ['fp8-e4m3', 448, 2 ** -6, 2 ** -9, 2 ** -3, 253],
  ['fp8-e5m2', 57_344, 2 ** -14, 2 ** -16, 2 ** -2, 2 * 31 * 4 - 1],
])('%s holds what its bits say', (name, largest, normal, subnormal, step, count) => {
  expect(describeNumberFormat(name)).toMatchObject({
    largest,
    smallest: -largest,
    smallestNormal: normal,
    smallestSubnormal: subnormal,
    stepAtOne: step,
    distinctValues: count,
  })
})

it('agrees with JavaScript about fp32', () => {
  const { largest, smallestSubnormal } = describeNumberFormat('fp32')
  expect([Math.fround(largest), Math.fround(largest * 1.01)]).toEqual([largest, Infinity])
  expect(Math.fround(smallestSubnormal! / 2.1)).toBe(0)
})

it('has integers with one more value below zero than above', () => {
  expect(describeNumberFormat('int8')).toMatchObject({
    smallest: -128,
    largest: 127,
    distinctValues: 256,
    stepAtOne: 1,
    smallestNormal: null,
  })
  expect(describeNumberFormat('int4')).toMatchObject({ smallest: -8, largest: 7 })
  expect(numberFormats.map(({ name }) => name)).toEqual([...numberFormatNames])
})

describe('rounding to a format', () => {
  const numbers = fc.oneof(
    fc.double({ noNaN: true }),
    fc.double({ min: -1e5, max: 1e5, noNaN: true }),
    fc.float({ noNaN: true }),
  )

  it('gives the fp32 of Math.fround and the fp16 of Float16Array', () => {
    fc.assert(
      fc.property(numbers, (value) => {
        expect(roundToFormat(value, 'fp32')).toBe(Math.fround(value))
        expect(roundToFormat(value, 'fp16')).toBe(Float16Array.of(value)[0])
      }),
    )
  })

  it('gives the bf16 that models store', () => {
    fc.assert(
      fc.property(fc.float({ noNaN: true }), (value) => {
        const bytes = tensorBytes('bf16', [value])
        const float = new Uint8Array([0, 0, bytes[0]!, bytes[1]!])
        expect(roundToFormat(value, 'bf16')).toBe(new Float32Array(float.buffer)[0])
      }),
    )
  })

  it('finds the nearest of all 253 values of e4m3', () => {
    const held = new Set([0])
    for (let exponent = -6; exponent <= 8; exponent += 1) {
      for (let eighth = 0; eighth < 8; eighth += 1) {
        held.add((1 + eighth / 8) * 2 ** exponent)
        held.add((eighth / 8) * 2 ** -6)
      }
    }
    held.delete(480)
    expect(2 * held.size - 1).toBe(253)
    fc.assert(
      fc.property(fc.double({ min: -460, max: 460, noNaN: true }), (value) => {
        const nearest = Math.min(...[...held].map((each) => Math.abs(each - Math.abs(value))))
        expect(Math.abs(roundToFormat(value, 'fp8-e4m3') - value)).toBe(nearest)
      }),
    )
  })

  it('holds what it has rounded', () => {
    fc.assert(
      fc.property(numbers, fc.constantFrom(...numberFormatNames), (value, name) => {
        const once = roundToFormat(value, name)
        expect(roundToFormat(once, name)).toBe(Number.isNaN(once) ? NaN : once)
      }),
    )
  })
})

it('says what becomes of a number', () => {
  expect(fateInFormat(70_000, 'fp16')).toBe('overflow')
  expect(fateInFormat(70_000, 'bf16')).toBe('rounded')
  // 2⁻²⁵ is half of the smallest fp16: the tie goes to 0.
  expect(fateInFormat(2 ** -25, 'fp16')).toBe('underflow')
  expect(fateInFormat(2 ** -24, 'fp16')).toBe('exact')
  expect(fateInFormat(449, 'fp8-e4m3')).toBe('rounded')
  expect(fateInFormat(470, 'fp8-e4m3')).toBe('overflow')
  expect(fateInFormat(127.4, 'int8')).toBe('rounded')
  expect(fateInFormat(128, 'int8')).toBe('overflow')
  expect(fateInFormat(0.3, 'int8')).toBe('underflow')
})
