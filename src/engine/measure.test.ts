import { expect, it } from 'vitest'
import type { EngineEvent } from '../protocol/engineContract'
import { measureLatency } from './measure'

const options = { warmupLimitMs: 5000, measuredMs: 1000, sampleCount: 64, batchSize: 8 }

/** Measures a run that takes `durationMs(index)` by a clock that only it moves. */
async function measureRuns(
  durationMs: (index: number) => number,
  changes: Partial<typeof options> = {},
): Promise<{ events: EngineEvent[]; samplesMs: number[]; runCount: number; endMs: number }> {
  let nowMs = 0
  let runCount = 0
  const run = async () => {
    nowMs += durationMs(runCount)
    runCount += 1
  }
  const events: EngineEvent[] = []
  for await (const event of measureLatency(run, { ...options, ...changes }, () => nowMs))
    events.push(event)
  const samplesMs = events.flatMap((event) => (event.type === 'latency' ? event.samplesMs : []))
  return { events, samplesMs, runCount, endMs: nowMs }
}

/** ±1 % that repeats, so that no sample is like its neighbour. */
const jitter = (index: number) => 1 + ((index * 7) % 11) / 1000

it('measures as long as asked where runs are fast: 1000 ms of 2 ms are about 500 samples', async () => {
  const { samplesMs } = await measureRuns((index) => 2 * jitter(index))
  expect(samplesMs.length).toBeGreaterThanOrEqual(490)
  expect(samplesMs.length).toBeLessThanOrEqual(500)
  expect(samplesMs.every((sample) => sample >= 2 && sample < 2.03)).toBe(true)
})

it('measures as often as asked where runs are slow: 64 samples of 100 ms take 6.4 s', async () => {
  const { samplesMs } = await measureRuns(() => 100)
  expect(samplesMs).toHaveLength(64)
})

it('keeps slow first runs out of the samples', async () => {
  const { samplesMs } = await measureRuns((index) => (index < 40 ? 9 : 2) * jitter(index))
  expect(Math.max(...samplesMs)).toBeLessThan(2.1)
})

it('ends a warm-up that never settles at its limit', async () => {
  // Each run is slower than the one before: there is no level.
  const { events, samplesMs } = await measureRuns((index) => 1 + index / 100, {
    warmupLimitMs: 2000,
  })
  expect(events.filter((event) => event.type === 'phase')).toHaveLength(2)
  // 1 + 1.01 + … + (1 + n÷100) = n + n²÷200 reaches 2000 ms at n ≈ 540
  expect(samplesMs[0]).toBeGreaterThan(1 + 500 / 100)
  expect(samplesMs[0]).toBeLessThan(1 + 600 / 100)
})

it('puts several runs into a sample where one is too short to be timed: 5 of 0.1 ms', async () => {
  const { events, samplesMs, runCount } = await measureRuns((index) => 0.1 * jitter(index), {
    measuredMs: 100,
  })
  const update = events.find((event) => event.type === 'update')
  expect(update).toMatchObject({ update: { runsPerSample: 5 } })
  expect(samplesMs.every((sample) => sample >= 0.1 && sample < 0.102)).toBe(true)
  expect(runCount).toBeGreaterThan(samplesMs.length * 5)
})

it('reports about ten times a second, with the time left and images per second', async () => {
  const { events } = await measureRuns(() => 4)
  const reports = events.filter((event) => event.type === 'progress' && event.fraction > 0)
  // 1000 ms ÷ 100 ms, less the rest that no longer fills a period
  expect(reports.length).toBeGreaterThanOrEqual(9)
  expect(reports.length).toBeLessThanOrEqual(10)
  const last = reports.at(-1)
  // 8 images ÷ 4 ms
  expect(last).toMatchObject({ throughputPerSecond: 2000 })
  expect(last?.type === 'progress' && last.remainingMs).toBeLessThan(150)
})
