import { expect, it } from 'vitest'
import { createFailureLimiter } from './failureLimiter'

function setUp() {
  const clock = { ms: 0 }
  const limiter = createFailureLimiter(() => clock.ms)
  const fail = (address: string, times: number) => {
    for (let i = 0; i < times; i += 1) limiter.recordFailure(address)
  }
  return { clock, limiter, fail }
}

it('blocks an address at its tenth failure, and no other', () => {
  const { limiter, fail } = setUp()
  fail('a', 9)
  expect(limiter.isBlocked('a')).toBe(false)
  fail('a', 1)
  expect(limiter.isBlocked('a')).toBe(true)
  expect(limiter.isBlocked('b')).toBe(false)
})

it('lets it in again a minute after the failures', () => {
  const { clock, limiter, fail } = setUp()
  fail('a', 10)
  clock.ms = 59_999
  expect(limiter.isBlocked('a')).toBe(true)
  clock.ms = 60_000
  expect(limiter.isBlocked('a')).toBe(false)
})

it('forgets the address that failed longest ago when there are a thousand', () => {
  const { limiter, fail } = setUp()
  fail('first', 10)
  fail('second', 10)
  for (let i = 0; i < 999; i += 1) fail(`other ${i}`, 1) // 2 + 999 = 1001 addresses
  expect(limiter.isBlocked('first')).toBe(false)
  expect(limiter.isBlocked('second')).toBe(true)
})
