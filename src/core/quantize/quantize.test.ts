import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { CalibratedTensor } from '../../protocol/quantization'
import { InputError } from '../errors'
import { createRandom } from '../random'
import { calibrateTensor, totalError } from './calibrate'
import { absoluteHistogram } from './histogram'
import { fakeQuantize, maxLevel, quantize, quantizePerChannel, scaleOf } from './int8'
import { createErrorMeter } from './quantizationError'

const floats = fc.array(fc.float({ min: -100, max: 100, noNaN: true }), {
  minLength: 1,
  maxLength: 300,
})
const positive = fc.double({ min: 0.01, max: 200, noNaN: true })

describe('int8', () => {
  it('rounds to the nearest level, ties to the even one, and clips', () => {
    expect([...quantize([0, 0.4, 0.5, 0.6, 1.5, 2.5, -0.5, -1.5, -2.5], 1)]).toEqual([
      0, 0, 0, 1, 2, 2, 0, -2, -2,
    ])
    expect([...quantize([126.5, 127.4, 128, 1e9, -128, -1e9], 1)]).toEqual([
      126, 127, 127, 127, -127, -127,
    ])
  })

  it('moves no value within alpha by more than half a step', () => {
    fc.assert(
      fc.property(floats, positive, (values, alpha) => {
        const held = fakeQuantize(values, alpha)
        values.forEach((value, index) => {
          const clipped = Math.max(-alpha, Math.min(alpha, value))
          // 127 steps of the fp32 scale may miss alpha by a hair.
          expect(Math.abs(held[index]! - clipped)).toBeLessThanOrEqual(
            (scaleOf(alpha) / 2) * 1.0001,
          )
        })
      }),
    )
  })

  it('gives each channel the whole range', () => {
    // [2, 3]: axis 1 has columns (1, −4), (2, 5), (0, 0)
    const { levels, scales } = quantizePerChannel([1, 2, 0, -4, 5, 0], [2, 3], 1)
    expect([...scales]).toEqual([scaleOf(4), scaleOf(5), 1])
    // 1 ÷ 4 · 127 = 31.75; 2 ÷ 5 · 127 = 50.8
    expect([...levels]).toEqual([32, 51, 0, -127, 127, 0])
    expect([...quantizePerChannel([1, 2, 0, -4, 5, 0], [2, 3], 0).scales]).toEqual([
      scaleOf(2),
      scaleOf(5),
    ])
  })

  it('reaches ±127 in every channel, whatever the weights', () => {
    fc.assert(
      fc.property(
        fc.array(fc.float({ min: 1, max: 9, noNaN: true }), { minLength: 12, maxLength: 12 }),
        (w) => {
          const { levels } = quantizePerChannel(w, [4, 3], 0)
          for (let row = 0; row < 4; row += 1) {
            expect(Math.max(...levels.subarray(3 * row, 3 * row + 3))).toBe(maxLevel)
          }
        },
      ),
    )
  })
})

it('counts every |value| in the bin it lies in', () => {
  expect(absoluteHistogram([0, -1, 1.9, 2, -4], 4)).toEqual({ binWidth: 1, counts: [1, 2, 1, 1] })
  expect(absoluteHistogram([0, 0], 2)).toEqual({ binWidth: 0, counts: [2, 0] })
  fc.assert(
    fc.property(floats, (values) => {
      const { counts } = absoluteHistogram(values, 16)
      expect(counts.reduce((sum, each) => sum + each, 0)).toBe(values.length)
    }),
  )
})

describe('the error of an alpha', () => {
  /** Value by value, in one pass. */
  function slowError(values: readonly number[], alpha: number) {
    let [clippingError, roundingError] = [0, 0]
    const scale = alpha / maxLevel
    for (const value of values) {
      const magnitude = Math.abs(value)
      if (magnitude > alpha) clippingError += (magnitude - alpha) ** 2 / values.length
      else roundingError += (magnitude - Math.round(magnitude / scale) * scale) ** 2 / values.length
    }
    return { clippingError, roundingError }
  }

  it('is that of a slow count', () => {
    fc.assert(
      fc.property(floats, positive, (values, alpha) => {
        const fast = createErrorMeter(values)(alpha)
        const slow = slowError(values, alpha)
        // Sums reach 300 · 100² = 3·10⁶, of which a double keeps 16 digits.
        expect(fast.clippingError).toBeCloseTo(slow.clippingError, 8)
        expect(fast.roundingError).toBeCloseTo(slow.roundingError, 8)
      }),
    )
  })

  it('sums to the mean squared error of really quantizing', () => {
    fc.assert(
      fc.property(floats, positive, (values, alpha) => {
        const held = fakeQuantize(values, alpha)
        const squared = values.map((value, index) => (value - held[index]!) ** 2)
        const mean = squared.reduce((sum, each) => sum + each, 0) / values.length
        // Models store the scale in fp32, so a level may lie 2⁻²⁴ off.
        const tolerance = 1e-4 * (1 + mean)
        expect(Math.abs(totalError(createErrorMeter(values)(alpha)) - mean)).toBeLessThan(tolerance)
      }),
    )
  })

  it('clips less and steps coarser as alpha grows', () => {
    const random = createRandom(1)
    const normal = Float32Array.from({ length: 20_000 }, () => random.normal())
    const errors = [1, 2, 3].map(createErrorMeter(normal))
    expect(errors[0]!.clippingError).toBeGreaterThan(errors[1]!.clippingError)
    expect(errors[1]!.clippingError).toBeGreaterThan(errors[2]!.clippingError)
    // Evenly spread within a step: scale² ÷ 12, here (3 ÷ 127)² ÷ 12 of the 99.7 % within 3.
    expect(errors[2]!.roundingError).toBeCloseTo(((3 / 127) ** 2 / 12) * 0.9973, 6)
  })
})

describe('calibration', () => {
  it('gives what the page is promised', () => {
    const calibration = calibrateTensor('linear1.input', [0, 1, 2, -3])
    expect(CalibratedTensor.parse(calibration)).toEqual(calibration)
    expect(calibration).toMatchObject({ name: 'linear1.input', valueCount: 4, maxAbs: 3 })
    expect(calibration.curve.at(-1)).toMatchObject({ alpha: 3, clippingError: 0 })
  })

  it('lets a far outlier decide only by max', () => {
    const random = createRandom(2)
    // 1 of 10 000 lies at 100, the others normally about 0.
    const values = Float32Array.from({ length: 10_000 }, (_, index) =>
      index === 0 ? 100 : random.normal(),
    )
    const { alphas } = calibrateTensor('x', values)
    expect(alphas.max).toBe(100)
    // 99.9 % of |normal| are below 3.29.
    expect(alphas.percentile).toBeGreaterThan(3)
    expect(alphas.percentile).toBeLessThan(3.6)
    expect(alphas.leastSquaredError).toBeLessThan(100)
  })

  it('finds near 4σ the least squared error of normal values', () => {
    const random = createRandom(3)
    const values = Float32Array.from({ length: 100_000 }, () => random.normal())
    const { alphas, curve } = calibrateTensor('x', values)
    // Banner et al. 2019 find 3.92 σ for 8 bits of normal values.
    expect(alphas.leastSquaredError).toBeGreaterThan(3.7)
    expect(alphas.leastSquaredError).toBeLessThan(4.2)
    const least = Math.min(...curve.map(totalError))
    expect(totalError(curve.find(({ alpha }) => alpha === alphas.leastSquaredError)!)).toBe(least)
  })

  it('has a positive alpha for every tensor', () => {
    fc.assert(
      fc.property(floats, (values) => {
        for (const alpha of Object.values(calibrateTensor('x', values).alphas)) {
          expect(alpha).toBeGreaterThan(0)
        }
      }),
      { numRuns: 30 },
    )
    expect(calibrateTensor('dead', [0, 0]).alphas).toEqual({
      max: 1,
      percentile: 1,
      leastSquaredError: 1,
    })
  })

  it('refuses values that are none, by name', () => {
    for (const values of [[], [1, NaN], [1, Infinity]]) {
      expect(() => calibrateTensor('conv2.input', values)).toThrow(InputError)
    }
  })
})
