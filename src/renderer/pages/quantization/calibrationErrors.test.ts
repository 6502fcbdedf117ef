import { expect, it } from 'vitest'
import { calibratedTensor } from '../../../../test/calibratedTensor'
import { clippedFraction, errorsAt, leastErrorPoint } from './calibrationErrors'

const tensor = calibratedTensor()

it('reads errors between two points of the curve', () => {
  const errors = errorsAt(tensor, 3)! // halfway from 2 to 4
  expect(errors.clippingError).toBeCloseTo(0.15) // (0.3 + 0) / 2
  expect(errors.roundingError).toBeCloseTo(0.4) // (0.2 + 0.6) / 2
})

it('gives the ends of the curve beyond it', () => {
  expect(errorsAt(tensor, 0.1)).toMatchObject({ clippingError: 0.9 })
  expect(errorsAt(tensor, 9)).toMatchObject({ roundingError: 0.6 })
  expect(errorsAt(calibratedTensor({ curve: [] }), 1)).toBeNull()
})

it('finds where both errors together are least', () => {
  expect(leastErrorPoint(tensor)?.alpha).toBe(2) // 1.0, 0.5, 0.6
})

it('counts what is clipped, a divided bin in parts', () => {
  expect(clippedFraction(tensor, 4)).toBe(0)
  expect(clippedFraction(tensor, 2)).toBeCloseTo(0.2) // (1 + 1) / 10
  expect(clippedFraction(tensor, 1.5)).toBeCloseTo(0.3) // (2 / 2 + 1 + 1) / 10
})
