import { describe, expect, it } from 'vitest'
import { createRandom, type Random } from '../random'
import { blockRatioInterval } from './blockInterval'
import { medianRatio, speedVerdict } from './medianRatio'

const steady = (random: Random, level: number) =>
  Array.from({ length: 600 }, () => level * (1 + 0.02 * random.normal()))

const pairCount = 40

/** A neighbour that comes and goes: stretches of 60 samples share a level. */
function disturbed(random: Random, level: number): number[] {
  return Array.from({ length: 10 }, () => level * (1 + 0.06 * random.normal())).flatMap((shared) =>
    Array.from({ length: 60 }, () => shared * (1 + 0.02 * random.normal())),
  )
}

function countDifferences(make: (random: Random, level: number) => number[], ratio: number) {
  return Array.from({ length: pairCount }, (_, index) => {
    const random = createRandom(index + 1)
    return speedVerdict(medianRatio(make(random, ratio), make(random, 1))!) !== 'noDifference'
  }).filter(Boolean).length
}

describe('two series of one program', { timeout: 30_000 }, () => {
  it('are rarely called different, also where the machine was disturbed', () => {
    expect(countDifferences(steady, 1)).toBeLessThanOrEqual(4)
    expect(countDifferences(disturbed, 1)).toBeLessThanOrEqual(6)
  })
})

it('finds 5 % under 2 % of noise', { timeout: 30_000 }, () => {
  expect(countDifferences(steady, 1.05)).toBeGreaterThanOrEqual(38) // of 40
})

it('is wider where samples moved together', () => {
  const width = (make: typeof steady) => {
    const { low, high } = blockRatioInterval(make(createRandom(1), 1), make(createRandom(2), 1))!
    return high - low
  }
  expect(width(disturbed)).toBeGreaterThan(4 * width(steady))
})

it('has nothing to say about few samples', () => {
  expect(blockRatioInterval([1, 2, 3], [1, 2, 3])).toBeNull()
})
