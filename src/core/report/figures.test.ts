import { expect, it } from 'vitest'
import { formatFactor, formatFigure, formatPoints, optionalFigure } from './figures'

it.each([
  [0.42, '0.420'],
  [99.94, '99.9'],
  [99.96, '100'],
  [152_381, '152\u202f381'],
  [1_234_567, '1\u202f234\u202f567'],
  [-0.977, '−0.977'],
  [0, '0'],
  [0.000_012_3, '0.0000123'],
])('writes %d as %s', (value, text) => expect(formatFigure(value)).toBe(text))

it('gives points without zeros at the end, and no negative zero', () => {
  expect([0.28, -0.5, -0.001, 1].map(formatPoints)).toEqual(['0.28', '−0.5', '0', '1'])
})

it('writes a dash for what is unknown', () => {
  expect([null, undefined, Number.NaN].map((value) => optionalFigure(value))).toEqual([
    '—',
    '—',
    '—',
  ])
})

it('says of a factor near 1 on which side it lies', () => {
  expect([3.6741, 1.0149, 1.003, 1, 12.34].map(formatFactor)).toEqual([
    '3.67',
    '1.01',
    '1.003',
    '1',
    '12.3',
  ])
})
