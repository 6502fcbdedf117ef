import { describe, expect, it } from 'vitest'
import { quantile, scoreRecorded } from './recordedSets'

/** Models at their real depth, of which one layer of each kind is simulated. */
const scores = scoreRecorded().filter(({ row }) => row.layers >= 12)

describe('models of full depth', () => {
  it('are at least twenty of 12 to 48 layers, LoRA with fp32 adapters and dropout among them', () => {
    expect(scores.length).toBeGreaterThanOrEqual(20)
    const adapted = scores.filter(({ row: { job } }) => {
      const { method } = job
      return method.type === 'lora' && method.adapterPrecision === 'fp32' && method.dropout > 0
    })
    expect(adapted.length).toBeGreaterThanOrEqual(5)
  })

  it('are met within 0.5 % by half of the estimates and 3 % by all', () => {
    const errors = scores.map(({ error }) => error)
    expect(quantile(errors, 0.5)).toBeLessThan(0.005)
    expect(quantile(errors, 1)).toBeLessThan(0.03)
  })
})
