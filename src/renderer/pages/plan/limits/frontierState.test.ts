import { expect, it } from 'vitest'
import type { FrontierEvent } from '../../../../core/plan/largest'
import { applyFrontierEvent, frontierRows, idleFrontier } from './frontierState'

const attempt = (sequenceLength: number, size: number, fits: boolean): FrontierEvent => ({
  type: 'attempt',
  sequenceLength,
  attempt: { size, fits, theoryBytes: 1, measuredBytes: fits ? 1 : null, reason: null },
})

const events: readonly FrontierEvent[] = [
  {
    type: 'predicted',
    limitBytes: 2 ** 30,
    points: [
      { sequenceLength: 32, predicted: 40 },
      { sequenceLength: 64, predicted: 20 },
      { sequenceLength: 128, predicted: 9 },
    ],
  },
  attempt(64, 20, true),
  attempt(64, 21, false),
  attempt(32, 40, false),
  attempt(32, 39, false),
  attempt(32, 38, true),
]

it('gives what ran and what did not beside what theory says', () => {
  const state = events.reduce(applyFrontierEvent, idleFrontier)
  expect(state.limitBytes).toBe(2 ** 30)
  expect(frontierRows(state)).toEqual([
    { sequenceLength: 32, predicted: 40, largest: 38, tooLarge: 39 },
    { sequenceLength: 64, predicted: 20, largest: 20, tooLarge: 21 },
    { sequenceLength: 128, predicted: 9, largest: null, tooLarge: null },
  ])
})
