/** A stream of pseudo-random numbers: the same seed gives the same numbers on every machine. */
export interface Random {
  /** In [0, 1), 32 bits fine. */
  readonly uniform: () => number
  /** Standard normal: mean 0, variance 1. */
  readonly normal: () => number
  /** A whole number in [0, bound), each equally likely; `bound` at most 2³². */
  readonly integer: (bound: number) => number
  /** The numbers 0 … count − 1 in random order. */
  readonly permutation: (count: number) => Uint32Array
}

const range = 2 ** 32

/**
 * xoshiro128** (Blackman & Vigna 2018), its state filled by SplitMix32 so that neighbouring seeds give
 * unrelated streams. Not for secrets.
 * @param seed whole number; its low 32 bits count
 */
export function createRandom(seed: number): Random {
  const next = createXoshiro(seed)

  function integer(bound: number): number {
    // Values past the last whole multiple of `bound` would favour small results: draw again.
    const limit = range - (range % bound)
    let value = next()
    while (value >= limit) value = next()
    return value % bound
  }

  return {
    uniform: () => next() / range,
    normal: () => boxMuller((next() + 1) / range, next() / range),
    integer,
    permutation(count) {
      const order = Uint32Array.from({ length: count }, (_, index) => index)
      // Fisher-Yates.
      for (let last = count - 1; last > 0; last -= 1) {
        const other = integer(last + 1)
        const held = order[last]!
        order[last] = order[other]!
        order[other] = held
      }
      return order
    },
  }
}

/** @param u in (0, 1], so that its logarithm exists */
function boxMuller(u: number, v: number): number {
  return Math.sqrt(-2 * Math.log(u)) * Math.cos(2 * Math.PI * v)
}

/** Gives the next 32 bits as a whole number. */
function createXoshiro(seed: number): () => number {
  const mix = createSplitMix32(seed)
  let [a, b, c, d] = [mix(), mix(), mix(), mix()]
  return () => {
    const result = Math.imul(rotateLeft(Math.imul(b, 5), 7), 9) >>> 0
    const shifted = b << 9
    c ^= a
    d ^= b
    b ^= c
    a ^= d
    c ^= shifted
    d = rotateLeft(d, 11)
    return result
  }
}

function rotateLeft(value: number, bits: number): number {
  return (value << bits) | (value >>> (32 - bits))
}

function createSplitMix32(seed: number): () => number {
  let state = seed | 0
  return () => {
    state = (state + 0x9e3779b9) | 0
    let mixed = state ^ (state >>> 16)
    mixed = Math.imul(mixed, 0x21f0aaad)
    mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a2d97)
    return mixed ^ (mixed >>> 15)
  }
}
