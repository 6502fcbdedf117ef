import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createRandom } from './random'

const seeds = fc.integer({ min: 0, max: 2 ** 31 - 1 })

describe('createRandom', () => {
  it('gives the same stream for the same seed', () => {
    fc.assert(
      fc.property(seeds, (seed) => {
        const [a, b] = [createRandom(seed), createRandom(seed)]
        for (let draw = 0; draw < 5; draw += 1) expect(a.normal()).toBe(b.normal())
      }),
    )
  })

  it('never changes: committed weights and splits depend on it', () => {
    const { integer } = createRandom(0)
    expect([1, 2, 3].map(() => integer(2 ** 32))).toStrictEqual([1789933344, 44971166, 2521387044])
  })

  it('gives neighbouring seeds unrelated streams', () => {
    const firsts = Array.from({ length: 1000 }, (_, seed) => createRandom(seed).uniform())
    const lagProducts = firsts.slice(1).map((value, i) => (value - 0.5) * (firsts[i]! - 0.5))
    // Correlation of n pairs has standard error 1/√n ≈ 0.032; variance of a uniform is 1/12.
    expect(Math.abs(mean(lagProducts) * 12)).toBeLessThan(0.1)
  })

  it('draws uniforms with mean 1/2 and variance 1/12, all below 1', () => {
    const { uniform } = createRandom(1)
    const values = Array.from({ length: 20_000 }, uniform)
    expect(Math.max(...values)).toBeLessThan(1)
    expect(mean(values)).toBeCloseTo(1 / 2, 2)
    expect(mean(values.map((value) => (value - 0.5) ** 2))).toBeCloseTo(1 / 12, 2)
  })

  it('draws normals with mean 0, variance 1 and 4.55 % beyond two deviations', () => {
    const { normal } = createRandom(2)
    const values = Array.from({ length: 50_000 }, normal)
    expect(Math.abs(mean(values))).toBeLessThan(0.02)
    expect(Math.abs(mean(values.map((value) => value ** 2)) - 1)).toBeLessThan(0.03)
    const beyond = values.filter((value) => Math.abs(value) > 2).length / values.length
    expect(Math.abs(beyond - 0.0455)).toBeLessThan(0.004)
  })

  it('draws whole numbers below the bound without favour', () => {
    const { integer } = createRandom(3)
    const counts = [0, 0, 0]
    for (let draw = 0; draw < 30_000; draw += 1) counts[integer(3)]! += 1
    // Expected 10,000 each; standard deviation √(30,000 · 1/3 · 2/3) ≈ 82.
    for (const count of counts) expect(Math.abs(count - 10_000)).toBeLessThan(330)
  })

  it('permutes: every number once', () => {
    fc.assert(
      fc.property(seeds, fc.integer({ min: 0, max: 200 }), (seed, count) => {
        const sorted = createRandom(seed).permutation(count).toSorted()
        expect(sorted).toStrictEqual(Uint32Array.from({ length: count }, (_, index) => index))
      }),
    )
  })
})

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}
