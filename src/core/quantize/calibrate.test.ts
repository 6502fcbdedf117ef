import fc from 'fast-check'
import { expect, it } from 'vitest'
import { createRandom } from '../random'
import { calibrate, quantizationErrors } from './calibrate'
import { int8Scale, quantize, quantizePerChannel, roundHalfToEven } from './int8'

it('puts alpha on 127 and rounds halves to even', () => {
  expect(quantize(2, 2)).toBe(127)
  expect(quantize(-5, 2)).toBe(-127)
  expect([0.5, 1.5, 2.5, -0.5, -1.5].map((value) => roundHalfToEven(value) + 0)).toEqual([
    0, 2, 2, 0, -2,
  ])
})

it('never errs by more than half a step within alpha', () => {
  fc.assert(
    fc.property(fc.double({ min: -1, max: 1, noNaN: true }), (value) => {
      expect(Math.abs(value - quantize(value, 1) * int8Scale(1))).toBeLessThanOrEqual(
        int8Scale(1) / 2 + 1e-12,
      )
    }),
  )
})

it('splits the mean squared error into clipping and rounding without a rest', () => {
  const random = createRandom(1)
  const values = Float64Array.from({ length: 500 }, () => random.normal())
  for (const alpha of [0.1, 1, 4]) {
    const { clippingError, roundingError } = quantizationErrors(values, alpha)
    const errors = values.map((value) => (value - quantize(value, alpha) * int8Scale(alpha)) ** 2)
    const mean = errors.reduce((sum, error) => sum + error) / values.length
    expect(clippingError + roundingError).toBeCloseTo(mean, 12)
  }
})

it('clips less and rounds more the larger alpha is', () => {
  const random = createRandom(2)
  const { curve } = calibrate(Float64Array.from({ length: 4000 }, () => random.normal()))
  expect(curve[3]!.clippingError).toBeGreaterThan(curve[60]!.clippingError)
  expect(curve[120]!.roundingError).toBeGreaterThan(curve[60]!.roundingError)
  expect(curve.at(-1)!.clippingError).toBe(0)
})

it('chooses below the maximum where one outlier would coarsen the grid for all', () => {
  const random = createRandom(3)
  const values = Float64Array.from({ length: 5000 }, () => random.normal())
  values[0] = 100
  const { alphas, histogram } = calibrate(values)
  expect(alphas.max).toBe(100)
  expect(alphas.percentile).toBeLessThan(5)
  expect(histogram.counts.reduce((sum, count) => sum + count)).toBe(5000)
  const error = (alpha: number) => {
    const { clippingError, roundingError } = quantizationErrors(values, alpha)
    return clippingError + roundingError
  }
  expect(error(alphas.leastSquaredError)).toBeLessThanOrEqual(error(alphas.max))
})

it('gives each channel its own step: rows of [1, −2] and [0.5, 0] over axis 0', () => {
  const { values, scales } = quantizePerChannel(Float32Array.of(1, -2, 0.5, 0), [2, 2], 0)
  // 1 ÷ (2 ÷ 127) = 63.5 → 64, ties to even
  expect([...values]).toEqual([64, -127, 127, 0])
  expect(scales[0]).toBeCloseTo(2 / 127, 7)
  expect(scales[1]).toBeCloseTo(0.5 / 127, 7)
  // over axis 1 the columns are [1, 0.5] and [−2, 0]
  expect([...quantizePerChannel(Float32Array.of(1, -2, 0.5, 0), [2, 2], 1).values]).toEqual([
    127, -127, 64, 0,
  ])
})
