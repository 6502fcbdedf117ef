import { expect, it } from 'vitest'
import { cutLine, lossCut } from './lossCut'
import type { LossSeries } from './runReport'

const curve = (losses: readonly number[]): LossSeries => ({
  label: 'fp32',
  precision: 'fp32',
  variant: 0,
  training: losses.map((loss, i) => [10 * i + 1, loss]),
  validation: losses.map((loss, i) => [10 * i, loss]),
})

it('begins with the second look at the validation split', () => {
  // 5.5 down to 2.1: from step 10 on at most 2.8, so that 0.7 take the place of 3.4
  expect(lossCut([curve([5.5, 2.8, 2.4, 2.1])])).toEqual({ topLoss: 2.8, fromStep: 10 })
})

it('takes the highest of all curves', () => {
  expect(lossCut([curve([5.5, 2.8, 2.4, 2.1]), curve([5.5, 3, 2.2, 2])])!.topLoss).toBe(3)
})

it('cuts nothing where nothing is gained, or where a curve is short', () => {
  expect(lossCut([curve([1.6, 1.59, 1.55, 1.3])])).toBeNull()
  expect(lossCut([curve([5.5, 2.8])])).toBeNull()
  expect(lossCut([])).toBeNull()
})

it('ends a line where it crosses the top', () => {
  // from 5 at step 0 to 1 at step 4 it is at 3 in step 2
  expect(
    cutLine(
      [
        [0, 5],
        [4, 1],
        [5, 2],
      ],
      3,
    ),
  ).toEqual([
    [2, 3],
    [4, 1],
    [5, 2],
  ])
  expect(
    cutLine(
      [
        [0, 1],
        [1, 4],
        [2, 5],
        [3, 3],
      ],
      3,
    ),
  ).toEqual([
    [0, 1],
    [2 / 3, 3],
    [3, 3],
  ])
})
