/** Where a search stopped. */
export interface LargestFound {
  /** The largest value known to fit; 0 where 1 does not. */
  readonly value: number
  /** The smallest value known not to fit; null where all up to the limit do. */
  readonly firstMiss: number | null
}

interface Point {
  readonly value: number
  readonly bytes: number
}

/**
 * The largest whole number up to `limit` whose bytes are at most `usableBytes`, where each question is
 * dear: interpolates between what fits and what does not, since memory grows nearly evenly, and halves
 * where that stands still. Stops after `questions`; the answer then lies between `value` and
 * `firstMiss`. `bytesOf` is Infinity for what cannot be; `known` is answered already.
 */
export function boundedSearch(
  limit: number,
  usableBytes: number,
  known: Point,
  bytesOf: (value: number) => number,
  questions: number,
): LargestFound {
  let low: Point | null = null
  let high: Point | null = null
  let before: Point | null = null
  let sameSide = 0
  const take = (point: Point): void => {
    const fits = point.bytes <= usableBytes
    sameSide = fits === sameSide > 0 ? sameSide + Math.sign(sameSide) : fits ? 1 : -1
    before = fits ? low : high
    if (fits) low = point
    else high = point
  }
  const isClosed = (): boolean =>
    high === null ? low?.value === limit : high.value - (low?.value ?? 0) <= 1
  take(known)
  for (let asked = 0; asked < questions && !isClosed(); asked += 1) {
    const value = nextValue(low, high, before, {
      limit,
      usableBytes,
      isStuck: Math.abs(sameSide) > 2,
    })
    take({ value, bytes: bytesOf(value) })
  }
  return { value: pointValue(low) ?? 0, firstMiss: pointValue(high) }
}

function pointValue(point: Point | null): number | null {
  return point === null ? null : point.value
}

interface Bounds {
  readonly limit: number
  readonly usableBytes: number
  /** Three answers in a row were on one side. */
  readonly isStuck: boolean
}

function nextValue(
  low: Point | null,
  high: Point | null,
  before: Point | null,
  { limit, usableBytes, isStuck }: Bounds,
): number {
  const least = (low?.value ?? 0) + 1
  const most = high === null ? limit : high.value - 1
  const clamp = (value: number): number => Math.min(most, Math.max(least, Math.floor(value)))
  if (low && high) {
    if (isStuck || high.bytes === Infinity) return clamp((low.value + high.value) / 2)
    return clamp(crossing(low, high, usableBytes))
  }
  const [known, factor] = low ? [low, 2] : [high, 0.5]
  if (!known) return least
  if (!before || before.bytes === Infinity || known.bytes === Infinity) {
    return clamp(known.value * factor)
  }
  const guess = crossing(before, known, usableBytes)
  // Beyond what is known lines are only guesses: no more than eight times as far.
  return clamp(low ? Math.min(guess, 8 * known.value) : Math.max(guess, known.value / 8))
}

/** Where the line through two points reaches `bytes`. */
function crossing(a: Point, b: Point, bytes: number): number {
  if (a.bytes === b.bytes) return b.value * 2
  return a.value + ((bytes - a.bytes) / (b.bytes - a.bytes)) * (b.value - a.value)
}
