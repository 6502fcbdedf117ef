import { describe, expect, it } from 'vitest'
import { quantile, scoreRecorded } from './recordedSets'

/** Models at their real depth, of which one layer of each kind is simulated. */
const scores = scoreRecorded().filter(({ set }) => set === 'full depth')

describe('models of full depth', () => {
  it('are met within 0.5 % by half of the estimates and 2 % by all', () => {
    const errors = scores.map(({ error }) => error)
    expect(quantile(errors, 0.5)).toBeLessThan(0.005)
    expect(quantile(errors, 1)).toBeLessThan(0.02)
  })
})
