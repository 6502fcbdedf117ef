/** How a network answers, by itself and beside its fp32 self. A row with a NaN is answered wrongly. */
export interface LogitComparison {
  /** Fraction of rows whose largest logit is the label's; of equal ones the first counts. */
  readonly top1: number
  readonly top1Fp32: number
  /** Fraction of rows on which both have the same largest logit. */
  readonly agreementWithFp32: number
  /** Of all logits as one vector, −1 to 1: ⟨y, r⟩ ÷ (‖y‖ ‖r‖); 0 where that is not a number. */
  readonly cosineSimilarity: number
  /** 10 log₁₀(Σ r² ÷ Σ (r − y)²) decibels; null where nothing differs, or it is not a finite number. */
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
  const comparison = startLogitComparison()
  comparison.add(logits, reference, labels)
  return comparison.result()
}

/** As `compareLogits`, batch after batch: the logits of a large vocabulary are never there all at once. */
export interface RunningLogitComparison {
  add(logits: Float32Array, reference: Float32Array, labels: Int32Array): void
  result(): LogitComparison
}

export function startLogitComparison(): RunningLogitComparison {
  let [rows, right, rightFp32, same] = [0, 0, 0, 0]
  let [product, square, referenceSquare, noise] = [0, 0, 0, 0]
  return {
    add(logits, reference, labels) {
      if (logits.length !== reference.length || logits.length % labels.length !== 0) {
        throw new RangeError(
          `${logits.length} logits, ${reference.length} of fp32 and ${labels.length} labels do not belong together`,
        )
      }
      const classCount = logits.length / labels.length
      labels.forEach((label, row) => {
        const start = row * classCount
        const answer = largestIndex(logits, start, classCount)
        const answerFp32 = largestIndex(reference, start, classCount)
        if (answer === label) right += 1
        if (answerFp32 === label) rightFp32 += 1
        if (answer !== null && answer === answerFp32) same += 1
      })
      rows += labels.length
      logits.forEach((value, index) => {
        const wanted = reference[index]!
        product += value * wanted
        square += value * value
        referenceSquare += wanted * wanted
        noise += (wanted - value) ** 2
      })
    },
    result() {
      const cosine = product / Math.sqrt(square) / Math.sqrt(referenceSquare)
      const decibels = 10 * Math.log10(referenceSquare / noise)
      return {
        top1: right / rows,
        top1Fp32: rightFp32 / rows,
        agreementWithFp32: same / rows,
        cosineSimilarity: Number.isFinite(cosine) ? cosine : 0,
        sqnrDb: Number.isFinite(decibels) ? decibels : null,
      }
    },
  }
}

/** Mean of −ln softmax(row)[label] over rows [rows, classes], nats. */
export function meanCrossEntropy(logits: Float32Array, labels: Int32Array): number {
  const classCount = logits.length / labels.length
  const losses = Array.from(labels, (label, row) => {
    const values = logits.subarray(row * classCount, (row + 1) * classCount)
    const highest = values.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY)
    // Less the highest: e to its own power would overflow.
    const sum = values.reduce((total, value) => total + Math.exp(value - highest), 0)
    return Math.log(sum) + highest - values[label]!
  })
  return losses.reduce((sum, loss) => sum + loss, 0) / labels.length
}

/** Fraction of rows [rows, classes] whose largest logit is the label's. */
export function top1Accuracy(logits: Float32Array, labels: Int32Array): number {
  const classCount = logits.length / labels.length
  const right = labels.filter(
    (label, row) => largestIndex(logits, row * classCount, classCount) === label,
  )
  return right.length / labels.length
}

/** Null where one is NaN. */
function largestIndex(values: Float32Array, start: number, count: number): number | null {
  let best = 0
  for (let index = 0; index < count; index += 1) {
    if (Number.isNaN(values[start + index])) return null
    if (values[start + index]! > values[start + best]!) best = index
  }
  return best
}
