import type { ProfileName } from '../plan/workload'

/** How long one step is measured; what each may claim follows from its samples. */
export interface MeasurementProfile {
  /** The warm-up ends when the times have settled, or here. */
  readonly warmupLimitMs: number
  /** Measured for at least this long, over all processes together … */
  readonly measuredMs: number
  /** … and at least this often. */
  readonly sampleCount: number
  /** Fresh processes that share the two: what a process was lucky with is not in every one. */
  readonly processCount: number
}

/**
 * The counts are the least for p90, p99 and p99.9 (`minimumSampleCount`); 5 processes are JMH's
 * forks, 10 and 600 s are what MLPerf asks of a training and of any run.
 */
export const measurementProfiles: Readonly<Record<ProfileName, MeasurementProfile>> = {
  quick: { warmupLimitMs: 5_000, measuredMs: 10_000, sampleCount: 64, processCount: 1 },
  standard: { warmupLimitMs: 30_000, measuredMs: 60_000, sampleCount: 662, processCount: 5 },
  audit: { warmupLimitMs: 120_000, measuredMs: 600_000, sampleCount: 6_636, processCount: 10 },
}

/** A shorter sample is mostly the clock and the event loop. */
const shortestSampleMs = 0.5

/** Runs that one sample must hold to be timed well. */
export function runsPerSample(warmupMedianMs: number): number {
  return Math.max(1, Math.ceil(shortestSampleMs / warmupMedianMs))
}
