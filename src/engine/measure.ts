import { runsPerSample } from '../core/run/measurementProfiles'
import { median } from '../core/statistics/quantile'
import { findSteadyState } from '../core/statistics/steadyState'
import type { EngineEvent } from '../protocol/engineContract'
import { hostLoadBetween, readHost } from './hostLoad'

/** How long and how often this process measures. */
export interface MeasureOptions {
  /** The warm-up ends here, settled or not. */
  readonly warmupLimitMs: number
  /** At least this long … */
  readonly measuredMs: number
  /** … and at least this often. */
  readonly sampleCount: number
  /** Samples (images) of one run, for the throughput. */
  readonly batchSize: number
}

/** Time between two messages to whoever watches, ms. */
const reportPeriodMs = 100
/** Time between two looks at whether the warm-up has settled, ms; a look takes about one. */
const steadyCheckPeriodMs = 250
/** What is level for a fraction of a second may still be about to change. */
const minWarmupMs = 1000
/** Fewer runs show no state, however slow they are. */
const minWarmupRuns = 10

/**
 * Warms up until the times have settled or the limit is reached, then measures for as long and as
 * often as asked. Nothing but `run` and two readings of the clock lies within a sample.
 * @param run one benchmarked operation
 * @param now monotonic clock, ms
 */
export async function* measureLatency(
  run: () => Promise<unknown>,
  options: MeasureOptions,
  now: () => number = () => performance.now(),
): AsyncGenerator<EngineEvent> {
  yield { type: 'phase', phase: 'warmup' }
  const warmupMs = yield* warmUp(run, options, now)
  const runs = runsPerSample(median(warmupMs.slice(-minWarmupRuns)))
  yield { type: 'update', update: { runsPerSample: runs } }
  yield { type: 'phase', phase: 'measure' }
  const before = readHost()
  yield* measure(run, runs, options, now)
  const hostLoad = hostLoadBetween(before, readHost())
  if (hostLoad) yield { type: 'update', update: { hostLoad } }
}

async function* warmUp(
  run: () => Promise<unknown>,
  { warmupLimitMs }: MeasureOptions,
  now: () => number,
): AsyncGenerator<EngineEvent, number[]> {
  const samples: number[] = []
  const began = now()
  let checked = began
  let end = began
  while (end - began < warmupLimitMs || samples.length < minWarmupRuns) {
    const start = now()
    await run()
    end = now()
    samples.push(end - start)
    if (end - checked < steadyCheckPeriodMs) continue
    const isLong = end - began >= minWarmupMs && samples.length >= 2 * minWarmupRuns
    if (isLong && findSteadyState(samples).type === 'steady') break
    yield progress(0, null, null)
    checked = now()
  }
  return samples
}

async function* measure(
  run: () => Promise<unknown>,
  runs: number,
  { measuredMs, sampleCount, batchSize }: MeasureOptions,
  now: () => number,
): AsyncGenerator<EngineEvent> {
  const began = now()
  let reported = began
  let end = began
  let taken = 0
  let pending: number[] = []
  while (end - began < measuredMs || taken < sampleCount) {
    const start = now()
    for (let each = 0; each < runs; each += 1) await run()
    end = now()
    pending.push((end - start) / runs)
    taken += 1
    if (end - reported < reportPeriodMs) continue
    const elapsedMs = end - began
    const fraction = Math.min(elapsedMs / measuredMs, taken / sampleCount, 1)
    const throughput = (pending.length * runs * batchSize * 1000) / (end - reported)
    yield { type: 'latency', samplesMs: pending }
    yield progress(fraction, elapsedMs / fraction - elapsedMs, throughput)
    pending = []
    reported = now()
  }
  if (pending.length > 0) yield { type: 'latency', samplesMs: pending }
}

function progress(
  fraction: number,
  remainingMs: number | null,
  throughputPerSecond: number | null,
): EngineEvent {
  return { type: 'progress', fraction, remainingMs, throughputPerSecond }
}
