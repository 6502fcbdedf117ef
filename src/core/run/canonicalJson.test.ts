import fc from 'fast-check'
import { expect, it } from 'vitest'
import { canonicalJson } from './canonicalJson'

it('writes keys in the order of their code units, at every depth', () => {
  expect(canonicalJson({ b: [{ z: 1, a: 2 }], a: null, B: 'x', 10: true, 9: false })).toBe(
    '{"10":true,"9":false,"B":"x","a":null,"b":[{"a":2,"z":1}]}',
  )
})

it('leaves out what JSON.stringify leaves out', () => {
  const value = { a: undefined, b: [undefined, 1] }
  expect(canonicalJson(value)).toBe('{"b":[null,1]}')
  expect(canonicalJson(value)).toBe(JSON.stringify(value))
})

it('writes −0 as 0 and numbers as JavaScript does', () => {
  expect(canonicalJson([-0, 1e21, 0.1 + 0.2])).toBe('[0,1e+21,0.30000000000000004]')
})

it.each([[NaN], [Infinity], [1n], [() => 1], [undefined]])('refuses %s', (value) => {
  expect(() => canonicalJson(value)).toThrow(TypeError)
})

it('refuses a cycle, but not the same object in two places', () => {
  const shared = { a: 1 }
  expect(canonicalJson([shared, shared])).toBe('[{"a":1},{"a":1}]')
  const cycle: Record<string, unknown> = {}
  cycle['self'] = cycle
  expect(() => canonicalJson(cycle)).toThrow('cycle')
})

it('is parsed back to the same value, and is the same text again', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      const text = canonicalJson(value)
      expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(value)))
      expect(canonicalJson(JSON.parse(text))).toBe(text)
    }),
  )
})
