import type { LatencySummary } from '../run/record'
import { medianInterval, minIntervalSamples } from './medianInterval'
import { percentileOrNull } from './percentileClaims'
import { medianAbsoluteDeviation, quantileSorted, sortedCopy } from './quantile'
import { findSteadyState } from './steadyState'

/** Ten standard deviations of normal noise: reported, never left out. */
const outlierMads = 14.826

export interface LatencyOptions {
  /** Runs that each sample is the mean of; a percentile of means is no percentile of runs. Default 1. */
  readonly runsPerSample?: number
}

/**
 * Median latency with its 95 % interval, the percentiles that so many samples allow to be claimed, and
 * what a reader must know, one sentence each.
 * @param samplesMs in the order they were measured, warm-up excluded
 * @throws RangeError without samples
 */
export function summarizeLatency(
  samplesMs: ArrayLike<number>,
  { runsPerSample = 1 }: LatencyOptions = {},
): LatencySummary {
  const sorted = sortedCopy(samplesMs)
  const median = quantileSorted(sorted, 0.5)
  const interval = medianInterval(sorted)
  const claim = (percentile: number) =>
    runsPerSample === 1 ? percentileOrNull(sorted, percentile) : null
  return {
    sampleCount: sorted.length,
    median,
    ciLow: interval?.low ?? sorted[0]!,
    ciHigh: interval?.high ?? sorted.at(-1)!,
    p90: claim(0.9),
    p99: claim(0.99),
    warnings: listWarnings(samplesMs, median),
  }
}

function listWarnings(samplesMs: ArrayLike<number>, median: number): string[] {
  const warnings: string[] = []
  const count = samplesMs.length
  if (count < minIntervalSamples) {
    warnings.push(
      `${count} of ${minIntervalSamples} samples needed for a 95 % interval: it spans all samples instead`,
    )
  }
  const outliers = findOutliers(samplesMs, median)
  if (outliers.includes(0)) {
    warnings.push('the first sample is an outlier: caches may have been cold')
  }
  if (outliers.length > 0) {
    warnings.push(`${outliers.length} of ${count} samples are outliers; they are counted in`)
  }
  const state = findSteadyState(samplesMs)
  if (state.type === 'noSteadyState') {
    warnings.push('no steady state: the latency was still changing while it was measured')
  } else if (state.warmupCount > 0) {
    warnings.push(`the first ${state.warmupCount} samples lie on another level: still warming up`)
  }
  return warnings
}

/** Indices of samples far from the median; none where more than half are equal. */
function findOutliers(samplesMs: ArrayLike<number>, median: number): number[] {
  const limit = outlierMads * medianAbsoluteDeviation(samplesMs)
  if (limit === 0) return []
  return Array.from(samplesMs).flatMap((sample, index) =>
    Math.abs(sample - median) > limit ? [index] : [],
  )
}
