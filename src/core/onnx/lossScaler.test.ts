import { expect, it } from 'vitest'
import { createLossScaler } from './lossScaler'

it('halves the scale at each overflow and counts it: 65536 → 16384', () => {
  const scaler = createLossScaler()
  scaler.stepped(false)
  scaler.stepped(false)
  expect(scaler.scale).toBe(16384)
  expect(scaler.overflowSteps).toBe(2)
})

it('doubles the scale after 2000 good steps in a row, and no earlier', () => {
  const scaler = createLossScaler()
  for (let step = 0; step < 1999; step += 1) scaler.stepped(true)
  scaler.stepped(false)
  for (let step = 0; step < 1999; step += 1) scaler.stepped(true)
  expect(scaler.scale).toBe(32768)
  scaler.stepped(true)
  expect(scaler.scale).toBe(65536)
})
