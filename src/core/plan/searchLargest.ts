/** The largest size that fits, and whether nothing larger may be asked for. */
export interface FoundLargest {
  readonly largest: number
  readonly isBound: boolean
}

/** Theory is right to a few percent: the first steps away from it are of this share. */
const firstStep = 0.03

/**
 * Asks for sizes from 1 to `bound`, is told of each whether it fits, and returns the largest that does,
 * supposing that whatever is smaller than one that fits does too; 0 where 1 does not. Goes away from
 * `guess` in ever longer steps until the answer lies between two that were tried, then halves: few
 * questions where the guess is good, for an answer may be dear.
 * @param tolerance share of the answer that it may be short of the largest
 */
export function* searchLargest(
  guess: number,
  bound: number,
  tolerance = 0,
): Generator<number, FoundLargest, boolean> {
  let low = 0
  let high = bound + 1
  let size = Math.min(bound, Math.max(1, guess))
  let step = Math.max(1, Math.round(firstStep * size))
  while (high - low > Math.max(1, tolerance * low)) {
    if (yield size) low = size
    else high = size
    if (low > 0 && high <= bound) size = Math.floor((low + high) / 2)
    else if (low > 0) size = Math.min(bound, low + step)
    else size = Math.max(1, high - step)
    step *= 2
  }
  return { largest: low, isBound: low === bound }
}

/** The same where an answer costs nothing. */
export function largestWhere(bound: number, fits: (size: number) => boolean): number {
  const search = searchLargest(16, bound)
  let next = search.next()
  while (!next.done) next = search.next(fits(next.value))
  return next.value.largest
}
