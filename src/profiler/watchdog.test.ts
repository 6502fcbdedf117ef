import { expect, it } from 'vitest'
import { createWatchdog } from './watchdog'

it('allows two minutes before the first run came back', () => {
  const watchdog = createWatchdog(0)
  expect(watchdog.isExpired(120_000)).toBe(false)
  expect(watchdog.isExpired(120_001)).toBe(true)
})

it('calls thirty seconds of silence a hang once runs are short', () => {
  const watchdog = createWatchdog(0)
  watchdog.ran(5)
  watchdog.heard(1000)
  expect(watchdog.isExpired(31_000)).toBe(false)
  expect(watchdog.isExpired(31_001)).toBe(true)
})

it('never ends a legal run of a minute: its budget is 20 × 60 s', () => {
  const watchdog = createWatchdog(0)
  watchdog.ran(60_000)
  watchdog.heard(60_000)
  expect(watchdog.budgetMs()).toBe(1_200_000)
  expect(watchdog.isExpired(180_000)).toBe(false)
})
