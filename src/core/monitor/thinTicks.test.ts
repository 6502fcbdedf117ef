import fc from 'fast-check'
import { expect, it } from 'vitest'
import { noFastFigures } from './figures'
import { thinTicks } from './thinTicks'

const ticksOf = (used: readonly number[]) =>
  used.map((memoryUsedBytes, tMs) => ({
    tMs,
    gpus: { 'gpu-0': { ...noFastFigures, memoryUsedBytes } },
  }))

it('keeps the peak and the last of ten in three', () => {
  const thin = thinTicks(ticksOf([1, 1, 9, 1, 1, 1, 1, 1, 1, 2]), 3)
  expect(thin.map(({ tMs }) => tMs)).toEqual([2, 4, 9])
})

it('keeps order, count, peak and end of any series', () => {
  fc.assert(
    fc.property(
      fc.array(fc.nat(), { minLength: 1, maxLength: 300 }),
      fc.integer({ min: 2, max: 50 }),
      (used, maxTicks) => {
        const thin = thinTicks(ticksOf(used), maxTicks)
        expect(thin.length).toBe(Math.min(maxTicks, used.length))
        const times = thin.map(({ tMs }) => tMs)
        expect(times).toEqual(times.toSorted((a, b) => a - b))
        expect(times.at(-1)).toBe(used.length - 1)
        const values = thin.map(({ gpus }) => gpus['gpu-0']!.memoryUsedBytes!)
        expect(Math.max(...values)).toBe(Math.max(...used))
      },
    ),
  )
})
