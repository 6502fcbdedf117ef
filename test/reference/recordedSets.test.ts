import { describe, expect, it } from 'vitest'
import { quantile, type Score, scoreRecorded } from './recordedSets'
import { changing } from './scoreTable'

const scores = scoreRecorded()

/** Medians over the steps that share a name. */
function medians(nameOf: (score: Score) => string): Readonly<Record<string, number>> {
  const names = [...new Set(scores.map(nameOf))]
  return Object.fromEntries(
    names.map((name) => [
      name,
      quantile(
        scores.filter((score) => nameOf(score) === name).map(({ error }) => error),
        0.5,
      ),
    ]),
  )
}

describe('all recorded steps together', () => {
  it('leave no family, method, precision or optimizer with a median over 1.5 %', () => {
    for (const nameOf of [
      ({ row }: Score) => row.family,
      ({ row }: Score) => row.job.method.type,
      ({ row }: Score) => row.job.precision,
      ({ row }: Score) => row.job.optimizer,
      ({ row }: Score) => row.job.checkpointing,
      ({ row }: Score) => row.job.attention,
    ]) {
      expect(Math.max(...Object.values(medians(nameOf)))).toBeLessThan(0.015)
    }
  })

  it.each(['written with', 'held out', 'unseen', 'full depth'])(
    'have activations and temporaries alone right too (%s)',
    (set) => {
      const errors = changing(scores.filter((score) => score.set === set))
      expect(quantile(errors, 0.5)).toBeLessThan(0.005)
      expect(quantile(errors, 0.9)).toBeLessThan(0.03)
    },
  )
})
