import { expect, it } from 'vitest'
import { compareLogits } from './accuracy'

const labels = Int32Array.of(0, 1)
const reference = Float32Array.of(3, 0, 0, 4)

it('counts right answers of both, and answers that agree', () => {
  const compared = compareLogits(Float32Array.of(3, 0, 4, 0), reference, labels)
  expect(compared).toMatchObject({ top1: 0.5, top1Fp32: 1, agreementWithFp32: 0.5 })
  // (3·3 + 0 + 0 + 0) ÷ (5 · 5)
  expect(compared.cosineSimilarity).toBeCloseTo(9 / 25, 6)
  // 25 ÷ (4² + 4²)
  expect(compared.sqnrDb).toBeCloseTo(10 * Math.log10(25 / 32), 6)
})

it('knows no noise where nothing differs', () => {
  const compared = compareLogits(reference, reference, labels)
  expect(compared.sqnrDb).toBeNull()
  expect(compared.cosineSimilarity).toBeCloseTo(1, 6)
})

it('refuses what does not belong together', () => {
  expect(() => compareLogits(reference, Float32Array.of(1), labels)).toThrow(RangeError)
})
