import { findChangepoints } from './changepoints'
import { deviationsPerMad, median, medianAbsoluteDeviation } from './quantile'

// Whether a series of times has settled, and after how many samples. A fixed number of warm-up runs
// cannot know: Barrett et al. (OOPSLA 2017) found that many benchmarks never reach a steady state.

export type SteadyState =
  | { readonly type: 'steady'; /** Samples before it. */ readonly warmupCount: number }
  | { readonly type: 'noSteadyState' }

/** What has not been steady for this share of the series has not been seen to be steady. */
const minSteadyShare = 0.5
/** Fewer samples show no state at all. */
const minSteadyCount = 10
/** Levels this close to the last one count as the same: less than two runs of one program differ by. */
const sameLevelTolerance = 0.01
/** A trend is one where the slope is this many standard errors from 0. */
const trendStandardErrors = 4
/** Longer series are judged by the means of blocks, so that the search stays within milliseconds. */
const maxPoints = 2000

/**
 * Finds where the level last changed, and so how many samples were warm-up. The series is steady where
 * at least half of it, and 10 samples, lie at its final level without a trend. Single outliers do not
 * count as a change.
 * @param samples in the order they were measured; over 2,000 the answer is exact to a block's length
 */
export function findSteadyState(samples: ArrayLike<number>): SteadyState {
  const blockLength = Math.ceil(samples.length / maxPoints)
  const points = clipOutliers(blockMeans(samples, blockLength))
  const level = median(points.length > 0 ? points : [0])
  const deviation = Math.max(noiseDeviation(points), 1e-6 * Math.abs(level), Number.MIN_VALUE)
  // 3 ln n: a change must explain more than the largest of n places explains by chance.
  const changes = findChangepoints(points, deviation, 3 * Math.log(points.length))
  const start = finalLevelStart(
    points,
    [0, ...changes],
    Math.max(deviation, sameLevelTolerance * level),
  )
  const steady = points.subarray(start)
  const isLong =
    steady.length >= minSteadyShare * points.length &&
    samples.length - start * blockLength >= minSteadyCount
  return isLong && !hasTrend(steady, sameLevelTolerance * level)
    ? { type: 'steady', warmupCount: start * blockLength }
    : { type: 'noSteadyState' }
}

function blockMeans(samples: ArrayLike<number>, blockLength: number): Float64Array {
  if (blockLength <= 1) return Float64Array.from(samples)
  return Float64Array.from({ length: Math.floor(samples.length / blockLength) }, (_, block) => {
    let sum = 0
    for (let i = 0; i < blockLength; i += 1) sum += samples[block * blockLength + i]!
    return sum / blockLength
  })
}

/** Standard deviation of the noise, from the differences of neighbours: levels and trends hardly touch it. */
function noiseDeviation(values: Float64Array): number {
  if (values.length < 2) return 0
  const differences = values.subarray(1).map((value, index) => value - values[index]!)
  return (deviationsPerMad * medianAbsoluteDeviation(differences)) / Math.SQRT2
}

/** Pulls each value to within 3 deviations of the median of its 11 neighbours; steps keep their edge. */
function clipOutliers(values: Float64Array): Float64Array {
  const reach = 5
  const limit = 3 * noiseDeviation(values)
  if (limit === 0) return values
  return values.map((value, index) => {
    const nearby = median(values.subarray(Math.max(0, index - reach), index + reach + 1))
    return Math.min(Math.max(value, nearby - limit), nearby + limit)
  })
}

/** Start of the earliest segment from which on every segment's mean is that of the last. */
function finalLevelStart(
  values: Float64Array,
  segmentStarts: readonly number[],
  tolerance: number,
): number {
  const levels = segmentStarts.map((start, index) =>
    mean(values.subarray(start, segmentStarts[index + 1] ?? values.length)),
  )
  const last = levels.at(-1)!
  const differing = levels.findLastIndex((level) => Math.abs(level - last) > tolerance)
  return segmentStarts[differing + 1]!
}

/** Whether a straight line through the values climbs or falls by more than `tolerance` from end to end. */
function hasTrend(values: Float64Array, tolerance: number): boolean {
  const count = values.length
  const centre = (count - 1) / 2
  const level = mean(values)
  // Σ (i − centre)² over i = 0 … n − 1.
  const spread = (count * (count ** 2 - 1)) / 12
  const slope = values.reduce((sum, value, i) => sum + (i - centre) * (value - level), 0) / spread
  const residual = values.reduce(
    (sum, value, i) => sum + (value - level - slope * (i - centre)) ** 2,
    0,
  )
  const standardError = Math.sqrt(residual / (count - 2) / spread)
  return (
    Math.abs(slope) * (count - 1) > tolerance &&
    Math.abs(slope) > trendStandardErrors * standardError
  )
}

function mean(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}
