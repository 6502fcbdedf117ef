import fc from 'fast-check'
import { expect, it } from 'vitest'
import { largestWhere, searchLargest } from './searchLargest'

function search(largest: number, guess: number, bound: number) {
  const tried: number[] = []
  const steps = searchLargest(guess, bound)
  let next = steps.next()
  while (!next.done) {
    tried.push(next.value)
    next = steps.next(next.value <= largest)
  }
  return { ...next.value, tried }
}

it('asks twice where the guess is right: for it, and for the next', () => {
  expect(search(20, 20, 1024)).toEqual({ largest: 20, isBound: false, tried: [20, 21] })
})

it('asks few times where it is wrong by 5 %: 105 instead of 100', () => {
  const { largest, tried } = search(105, 100, 1024)
  expect(largest).toBe(105)
  expect(tried.length).toBeLessThanOrEqual(6)
})

it('finds the largest from wherever it begins, and tries no size twice', () => {
  const number = fc.integer({ min: 1, max: 3000 })
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 3000 }), number, number, (largest, guess, bound) => {
      const found = search(largest, guess, bound)
      expect(found.largest).toBe(Math.min(largest, bound))
      expect(found.isBound).toBe(largest >= bound)
      expect(new Set(found.tried).size).toBe(found.tried.length)
      expect(largestWhere(bound, (size) => size <= largest)).toBe(found.largest)
    }),
  )
})
