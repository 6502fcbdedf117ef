import { describe, expect, it } from 'vitest'
import { formatParameterCount, parseParameterCount } from './parseParameterCount'

describe('parseParameterCount', () => {
  it.each([
    ['7B', 7e9],
    ['7e9', 7e9],
    [' 350 M ', 350e6],
    ['1,112,664,064', 1_112_664_064],
    ['1.5t', 1.5e12],
    ['52650', 52_650],
  ])('reads %j as %d', (text, count) => {
    expect(parseParameterCount(text)).toBe(count)
  })

  it.each(['', '0', '-7e9', 'seven', '7 GB', '1e999', '7BB', 'Infinity'])(
    'finds no count in %j',
    (text) => {
      expect(parseParameterCount(text)).toBeNull()
    },
  )
})

describe('formatParameterCount', () => {
  it.each([
    [7e9, '7 B'],
    [1_112_664_064, '1.11 B'],
    [350e6, '350 M'],
    [52_650, '52650'],
  ])('writes %d as %s', (count, text) => {
    expect(formatParameterCount(count)).toBe(text)
  })
})
