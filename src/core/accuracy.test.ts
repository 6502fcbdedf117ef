import fc from 'fast-check'
import { expect, it } from 'vitest'
import { compareLogits, meanCrossEntropy, startLogitComparison, top1Accuracy } from './accuracy'

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

it('takes the first of equal logits, as NumPy does', () => {
  const equal = Float32Array.of(1, 1)
  expect(compareLogits(equal, equal, Int32Array.of(0)).top1).toBe(1)
  expect(compareLogits(equal, equal, Int32Array.of(1)).top1).toBe(0)
})

it('counts a row with NaN as wrong, also where fp32 has it too', () => {
  const broken = Float32Array.of(NaN, 1, 0, 4)
  expect(compareLogits(broken, broken, labels)).toEqual({
    top1: 0.5,
    top1Fp32: 0.5,
    agreementWithFp32: 0.5,
    cosineSimilarity: 0,
    sqnrDb: null,
  })
})

it('loses 20 dB where the noise is ten times as large', () => {
  const pairs = fc.array(
    fc.tuple(fc.integer({ min: 1, max: 99 }), fc.integer({ min: 1, max: 9 })),
    {
      minLength: 1,
      maxLength: 50,
    },
  )
  fc.assert(
    fc.property(pairs, (values) => {
      const signal = Float32Array.from(values, ([each]) => each)
      const noisy = (factor: number) =>
        Float32Array.from(values, ([each, noise]) => each + factor * noise)
      const decibels = [1, 10].map(
        (factor) => compareLogits(noisy(factor), signal, new Int32Array(values.length)).sqnrDb!,
      )
      expect(decibels[0]! - decibels[1]!).toBeCloseTo(20, 3)
    }),
  )
})

it('counts the rows that are right: of rows 3 0 and 4 0 with labels 0 and 1 one', () => {
  expect(top1Accuracy(Float32Array.of(3, 0, 4, 0), Int32Array.of(0, 1))).toBe(0.5)
})

it('knows nothing of two classes at ln 2, and e⁰ against e¹ at ln(1 + e)', () => {
  expect(meanCrossEntropy(Float32Array.of(7, 7), Int32Array.of(0))).toBeCloseTo(Math.log(2), 12)
  expect(meanCrossEntropy(Float32Array.of(0, 1), Int32Array.of(0))).toBeCloseTo(
    Math.log(1 + Math.E),
    6,
  )
  // e^1000 is no number any more, its share of itself is.
  expect(meanCrossEntropy(Float32Array.of(1000, 0), Int32Array.of(0))).toBe(0)
})

it('compares batch after batch as all rows at once', () => {
  const logits = Float32Array.of(1, 2, 3, 1, 0.5, 0)
  const reference = Float32Array.of(2, 1, 3, 1, 1, 0)
  const labels = Int32Array.of(1, 0, 0)
  const running = startLogitComparison()
  running.add(logits.subarray(0, 2), reference.subarray(0, 2), labels.subarray(0, 1))
  running.add(logits.subarray(2), reference.subarray(2), labels.subarray(1))
  expect(running.result()).toEqual(compareLogits(logits, reference, labels))
})
