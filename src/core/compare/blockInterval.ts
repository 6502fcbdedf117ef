import { createRandom, type Random } from '../random'

// Latencies that were measured one after another are not independent: a clock that steps down or a
// neighbour that wakes up moves hundreds of them together. An interval from single samples is then far
// too narrow, and two runs of the same program "differ". Here whole stretches of the series are drawn
// (block bootstrap, Künsch 1989), so that what moves together counts once.

/** Enough to resample; fewer, longer ones would hold more of what belongs together. */
const blockCount = 20
/** Shorter blocks hold nothing together. */
const minBlockLength = 3
const resamples = 1000
const seed = 0

export interface Interval {
  readonly low: number
  readonly high: number
}

/**
 * 95 % interval of the median of `numerators` over that of `denominators`, each in the order in which
 * it was measured; null where one of them is too short for blocks. Seeded: equal samples, equal interval.
 */
export function blockRatioInterval(
  numerators: readonly number[],
  denominators: readonly number[],
): Interval | null {
  if (Math.min(numerators.length, denominators.length) < blockCount * minBlockLength) return null
  const random = createRandom(seed)
  const above = blockedSamples(numerators)
  const below = blockedSamples(denominators)
  const ratios = new Float64Array(resamples)
    .map(() => resampledMedian(above, random) / resampledMedian(below, random))
    .sort()
  return {
    low: ratios[Math.floor(0.025 * resamples)]!,
    high: ratios[Math.ceil(0.975 * resamples) - 1]!,
  }
}

/** The samples in ascending order, each with the block it was measured in. */
interface BlockedSamples {
  readonly values: Float64Array
  readonly blocks: Uint8Array
  /** Samples of each block. */
  readonly lengths: Uint32Array
}

function blockedSamples(samples: readonly number[]): BlockedSamples {
  const order = samples.map((_value, index) => index).sort((a, b) => samples[a]! - samples[b]!)
  const blockOf = (index: number) => Math.floor((index * blockCount) / samples.length)
  const lengths = new Uint32Array(blockCount)
  for (const index of order) lengths[blockOf(index)]! += 1
  return {
    lengths,
    values: Float64Array.from(order, (index) => samples[index]!),
    blocks: Uint8Array.from(order, blockOf),
  }
}

/** Median of as many blocks drawn with replacement: each sample counts as often as its block was drawn. */
function resampledMedian({ values, blocks, lengths }: BlockedSamples, random: Random): number {
  const drawn = new Uint32Array(blockCount)
  let total = 0
  for (let i = 0; i < blockCount; i += 1) {
    const block = Math.floor(random.uniform() * blockCount)
    drawn[block]! += 1
    total += lengths[block]!
  }
  let passed = 0
  for (let i = 0; i < values.length; i += 1) {
    passed += drawn[blocks[i]!]!
    if (2 * passed >= total) return values[i]!
  }
  return values.at(-1)!
}
