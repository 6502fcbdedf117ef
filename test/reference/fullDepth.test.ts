import { describe, expect, it } from 'vitest'
import { estimateMemory } from '../../src/core/estimate/estimateMemory'
import { readOracle } from './oracleRows'

/** Models at their real depth, recorded when the simulation was finished; nothing was changed for them. */
const errors = readOracle('fullDepth.csv').map((row) => ({
  id: row.id,
  layers: row.layers,
  error: Math.abs(estimateMemory(row.job).tensorsPeakBytes / row.peak.total - 1),
}))

describe('models of full depth, of which one layer of each kind is simulated', () => {
  it.each(errors)('$id, $layers layers, is within half a percent', ({ layers, error }) => {
    expect(layers).toBeGreaterThanOrEqual(12)
    expect(error).toBeLessThan(0.005)
  })
})
