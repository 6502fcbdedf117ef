import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createRandom } from '../random'
import { mannWhitney } from './mannWhitney'

/** Pairs counted one by one. */
function slowU(a: readonly number[], b: readonly number[]): number {
  let u = 0
  for (const x of a) for (const y of b) u += x > y ? 1 : x === y ? 0.5 : 0
  return u
}

/** Every way to choose which of the joined values are a's: the share at least as far from the mean. */
function slowP(a: readonly number[], b: readonly number[]): number {
  const all = [...a, ...b]
  const centre = (a.length * b.length) / 2
  const distance = Math.abs(slowU(a, b) - centre)
  let [total, asFar] = [0, 0]
  for (let mask = 0; mask < 2 ** all.length; mask += 1) {
    const chosen = all.filter((_, index) => mask & (1 << index))
    if (chosen.length !== a.length) continue
    const others = all.filter((_, index) => !(mask & (1 << index)))
    total += 1
    if (Math.abs(slowU(chosen, others) - centre) >= distance) asFar += 1
  }
  return asFar / total
}

const smallSide = fc.array(fc.integer({ min: 0, max: 1000 }), { minLength: 1, maxLength: 5 })

describe('mannWhitney', () => {
  it('counts the pairs, ties half', () => {
    fc.assert(
      fc.property(smallSide, smallSide, (a, b) => {
        expect(mannWhitney(a, b).u).toBeCloseTo(slowU(a, b), 9)
      }),
    )
  })

  it('equals the count over all orders where no values are equal', () => {
    fc.assert(
      fc.property(smallSide, smallSide, (a, b) => {
        fc.pre(new Set([...a, ...b]).size === a.length + b.length)
        expect(mannWhitney(a, b).pValue).toBeCloseTo(slowP(a, b), 9)
      }),
      { numRuns: 40 },
    )
  })

  it('finds 4 against 4 apart at the least p that they allow', () => {
    // 2 of C(8, 4) = 70 orders are as extreme.
    expect(mannWhitney([1, 2, 3, 4], [5, 6, 7, 8]).pValue).toBeCloseTo(2 / 70, 12)
  })

  it('passes to the normal approximation without a jump', () => {
    const random = createRandom(5)
    const a = Array.from({ length: 20 }, () => random.normal() + 0.5)
    const b = Array.from({ length: 20 }, () => random.normal())
    const exact = mannWhitney(a, b).pValue
    // One tie among 41 values leaves the exact method, and hardly changes anything else.
    const approximate = mannWhitney([...a, b[0]!], b).pValue
    expect(Math.abs(exact - approximate)).toBeLessThan(0.03)
  })

  it('cannot tell equal values apart', () => {
    expect(mannWhitney([1, 1, 1, 1], [1, 1, 1, 1]).pValue).toBe(1)
  })

  it('refuses an empty side', () => {
    expect(() => mannWhitney([], [1])).toThrow(RangeError)
  })
})
