import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { boundedSearch } from './boundedSearch'

/** Counts questions, so that a test can hold a search to its number of them. */
function asked(bytesOf: (value: number) => number) {
  const values: number[] = []
  return {
    values,
    ask: (value: number) => {
      values.push(value)
      return bytesOf(value)
    },
  }
}

describe('boundedSearch', () => {
  it('needs few questions where bytes grow evenly', () => {
    const { values, ask } = asked((value) => 100 + 7 * value)
    // 100 + 7 × 128 = 996, and 129 would be 1,003.
    const found = boundedSearch(1e6, 1000, { value: 2, bytes: 114 }, ask, 8)
    expect(found).toEqual({ value: 128, firstMiss: 129 })
    expect(values.length).toBeLessThanOrEqual(6)
  })

  it('finds its way up a square as well', () => {
    const bytes = (value: number) => 50 + value ** 2
    const found = boundedSearch(1e6, 1_000_050, { value: 16, bytes: bytes(16) }, bytes, 16)
    expect(found).toEqual({ value: 1000, firstMiss: 1001 })
  })

  it('answers 0 where not even 1 fits, and the limit where all do', () => {
    const tooMuch = boundedSearch(100, 10, { value: 64, bytes: 500 }, (value) => 436 + value, 16)
    expect(tooMuch).toEqual({ value: 0, firstMiss: 1 })
    const free = boundedSearch(100, 10, { value: 64, bytes: 1 }, () => 1, 16)
    expect(free).toEqual({ value: 100, firstMiss: null })
  })

  it('takes what cannot be for what does not fit', () => {
    const bytes = (value: number) => (value > 37 ? Infinity : value)
    const found = boundedSearch(1e6, 1000, { value: 1, bytes: 1 }, bytes, 24)
    expect(found).toEqual({ value: 37, firstMiss: 38 })
  })

  it('always ends between a value that fits and one that does not, within its questions', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 5000 }),
        fc.integer({ min: 1, max: 5000 }),
        fc.integer({ min: 1, max: 12 }),
        fc.constantFrom(1, 64),
        (start, border, questions, step) => {
          // In steps, as an arena grows.
          const bytesOf = (value: number) => Math.ceil(value / step) * step
          const usable = bytesOf(border)
          const { values, ask } = asked(bytesOf)
          const known = { value: start, bytes: bytesOf(start) }
          const { value, firstMiss } = boundedSearch(10_000, usable, known, ask, questions)
          expect(values.length).toBeLessThanOrEqual(questions)
          expect(new Set(values).size).toBe(values.length)
          expect(value === 0 || bytesOf(value) <= usable).toBe(true)
          expect(firstMiss === null || bytesOf(firstMiss) > usable).toBe(true)
        },
      ),
    )
  })
})
