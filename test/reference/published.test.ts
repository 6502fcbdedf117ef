import { describe, expect, it } from 'vitest'
import { scoreFitcheck } from './fitcheckRows'
import type { Tier } from './publishedJobs'
import { deviation, mean, mediansOf, scoreAllPublished } from './publishedScores'

const { scored, noJobs } = scoreAllPublished()
const largest = (tier: Tier): number =>
  Math.max(
    ...scored.filter((score) => score.tier === tier).map((each) => Math.abs(deviation(each))),
  )
const meanOf = (tier: Tier): number => mean(Object.values(mediansOf(scored, tier)))

describe('published figures', () => {
  it('become Jobs but for a handful, each with its reason', () => {
    expect(scored.length + noJobs.length).toBe(303)
    expect(noJobs.length).toBeLessThanOrEqual(12)
    for (const { reason } of noJobs) expect(reason).not.toBe('')
  })

  it('have exact parameter counts', () => {
    const wrong = scored.filter((each) => each.tier === 'params' && deviation(each) !== 0)
    expect(wrong.map(({ row }) => row.id)).toEqual([])
  })

  it('have caches within 1 % and files within 2 %', () => {
    expect(largest('kv')).toBeLessThan(0.01)
    expect(largest('file')).toBeLessThan(0.02)
  })

  it('of allocated memory are met within 6 %: median per source, mean over sources', () => {
    expect(meanOf('allocated')).toBeLessThan(0.06)
  })

  it('of the whole process are met within 5 %, given the context that the source measured', () => {
    expect(meanOf('process')).toBeLessThan(0.05)
  })

  it('of reserved memory are met where the code was that of transformers, and missed where not', () => {
    const medianOf = (pattern: RegExp): number => {
      const own = scored.filter(
        ({ tier, row }) => tier === 'reserved' && pattern.test(row.text('model')),
      )
      return Object.values(mediansOf(own, 'reserved'))[0] ?? Number.NaN
    }
    expect(medianOf(/Yi-34B/)).toBeLessThan(0.1)
    // Qwen-1's own modeling code copies the logits several times over.
    expect(medianOf(/Qwen/)).toBeLessThan(0.35)
  })

  it('of a T4 under QLoRA are met within 12 % with fused attention, from below', () => {
    for (const { name, predictedBytes, measuredBytes } of scoreFitcheck()) {
      const ratio = predictedBytes / measuredBytes
      expect(ratio, name).toBeGreaterThan(name.endsWith('sdpa') ? 0.88 : 0.75)
      expect(ratio, name).toBeLessThan(1.02)
    }
  })
})
