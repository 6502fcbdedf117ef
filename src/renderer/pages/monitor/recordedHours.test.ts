import { expect, it } from 'vitest'
import { formatElapsed, recordedHours } from './recordedHours'

it('a short recording is shown whole, a long one also by its hours', () => {
  expect(recordedHours(1000, 61_000)).toEqual([{ hour: null, fromMs: 1000, toMs: 61_000 }])
  expect(recordedHours(0, 9_000_000)).toEqual([
    { hour: null, fromMs: 0, toMs: 9_000_000 },
    { hour: 1, fromMs: 0, toMs: 3_600_000 },
    { hour: 2, fromMs: 3_600_000, toMs: 7_200_000 },
    { hour: 3, fromMs: 7_200_000, toMs: 9_000_000 },
  ])
})

it('writes times as clocks do', () => {
  expect([5, 750, 3723].map(formatElapsed)).toEqual(['0:05', '12:30', '1:02:03'])
})
