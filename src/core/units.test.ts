import { describe, expect, it } from 'vitest'
import { formatBytes, formatDuration, formatSignificant, GiB, MiB } from './units'

describe('formatBytes', () => {
  it.each([
    [0, '0 B'],
    [1, '1 B'],
    [1023, '1023 B'],
    [1024, '1 KiB'],
    [1_048_575, '1 MiB'], // 1 B below 1 MiB would round to 1024 KiB
    [15_360 * MiB, '15 GiB'],
    [14_912 * MiB, '14.6 GiB'], // 14912 / 1024 = 14.5625
    [-3.2 * GiB, '−3.2 GiB'],
    [null, '—'],
    [Number.NaN, '—'],
  ])('writes %s as %s', (bytes, text) => expect(formatBytes(bytes)).toBe(text))
})

describe('formatDuration', () => {
  it.each([
    [0.0123, '12.3 µs'],
    [17.04, '17 ms'],
    [1500, '1.5 s'],
    [90_000, '1.5 min'],
    [7_200_000, '2 h'],
    [null, '—'],
  ])('writes %s ms as %s', (ms, text) => expect(formatDuration(ms)).toBe(text))
})

it('keeps three significant digits and never an exponent for everyday numbers', () => {
  expect([0.001234, 0.5, 12.345, 999.4, 12_345].map(formatSignificant)).toEqual([
    '0.00123',
    '0.5',
    '12.3',
    '999',
    '12345',
  ])
})
