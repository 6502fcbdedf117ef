/** How a network answers, by itself and beside its fp32 self. */
export interface LogitComparison {
  /** Fraction of rows whose largest logit is the label's. */
  readonly top1: number
  readonly top1Fp32: number
  /** Fraction of rows on which both have the same largest logit. */
  readonly agreementWithFp32: number
  /** Of all logits as one vector. */
  readonly cosineSimilarity: number
  /** 10 log₁₀(Σ reference² ÷ Σ (reference − logit)²); null where nothing differs. */
  readonly sqnrDb: number | null
}

/**
 * Compares logits [rows, classes] with those of fp32 for the same rows.
 * @throws RangeError where the lengths do not belong together
 */
export function compareLogits(
  logits: Float32Array,
  reference: Float32Array,
  labels: Int32Array,
): LogitComparison {
  if (logits.length !== reference.length || logits.length % labels.length !== 0) {
    throw new RangeError(
      `${logits.length} logits, ${reference.length} of fp32 and ${labels.length} labels do not belong together`,
    )
  }
  const classCount = logits.length / labels.length
  let [right, rightFp32, same] = [0, 0, 0]
  let [product, square, referenceSquare, noise] = [0, 0, 0, 0]
  labels.forEach((label, row) => {
    const start = row * classCount
    const answer = largestIndex(logits, start, classCount)
    const answerFp32 = largestIndex(reference, start, classCount)
    if (answer === label) right += 1
    if (answerFp32 === label) rightFp32 += 1
    if (answer === answerFp32) same += 1
  })
  logits.forEach((value, index) => {
    const wanted = reference[index]!
    product += value * wanted
    square += value * value
    referenceSquare += wanted * wanted
    noise += (wanted - value) ** 2
  })
  return {
    top1: right / labels.length,
    top1Fp32: rightFp32 / labels.length,
    agreementWithFp32: same / labels.length,
    cosineSimilarity: product / Math.sqrt(square * referenceSquare),
    sqnrDb: noise === 0 ? null : 10 * Math.log10(referenceSquare / noise),
  }
}

function largestIndex(values: Float32Array, start: number, count: number): number {
  let best = 0
  for (let index = 1; index < count; index += 1) {
    if (values[start + index]! > values[start + best]!) best = index
  }
  return best
}
