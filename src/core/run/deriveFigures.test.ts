import { expect, it } from 'vitest'
import { latencySamples, plannedStep, stepMemory } from '../../../test/runRecords'
import { trainedText } from '../../../test/exampleTextRun'
import { memoryTerms } from '../estimate/memoryTerms'
import { deriveStepFigures } from './deriveFigures'
import type { Step } from './record'

const sample = (processBytes: number | null, deviceUsedBytes: number | null) => ({
  tMs: 0,
  processBytes,
  deviceUsedBytes,
})
const theory = {
  terms: memoryTerms({ weightsBytes: 1000 }),
  peakBytes: 1000,
  peakPhase: 'forward',
  phases: [{ phase: 'forward', peakBytes: 1000, terms: memoryTerms({ weightsBytes: 1000 }) }],
}
const completed = (change: Partial<Step> = {}) =>
  plannedStep({ outcome: 'completed', latencySamplesMs: latencySamples(2), ...change })

it('takes throughput from the median: 64 images ÷ 2 ms = 32 000 per second', () => {
  const step = deriveStepFigures(completed())
  expect(step.latencyMs?.median).toBeCloseTo(2, 9)
  expect(step.throughputPerSecond).toBeCloseTo(32_000, 3)
})

it('counts text in tokens, and what it reached of the peak: 64 × 16 ÷ 50 ms, 5 GFLOP ÷ 50 ms of 200', () => {
  const { tokensPerSecond, flopsPerSecond, fractionOfPeak } = trainedText(50, 2)
  expect(tokensPerSecond).toBeCloseTo(20_480, 3)
  expect(flopsPerSecond).toBeCloseTo(1e11, 0)
  expect(fractionOfPeak).toBeCloseTo(0.5, 9)
  expect(trainedText(50, 2, { devicePeak: null }).fractionOfPeak).toBeNull()
  expect(deriveStepFigures(completed()).tokensPerSecond).toBeNull()
})

it('claims a percentile only of single runs, and says why not of means', () => {
  expect(deriveStepFigures(completed()).latencyMs?.p90).toBeGreaterThan(2)
  const { latencyMs } = deriveStepFigures(completed({ runsPerSample: 13 }))
  expect(latencyMs?.p90).toBeNull()
  expect(latencyMs?.warnings.at(-1)).toContain('mean of 13 runs')
})

it('summarizes no latency of a step that broke off, but its memory', () => {
  const step = deriveStepFigures(
    completed({ outcome: 'crashed', memorySamples: [sample(5, null), sample(9, null)] }),
  )
  expect(step.latencyMs).toBeNull()
  expect(step.throughputPerSecond).toBeNull()
  expect(step.memory.measured).toMatchObject({ devicePeakBytes: 9, allocatedPeakBytes: null })
})

it('takes the peak of the process on a CPU and of the device elsewhere', () => {
  const memorySamples = [sample(5, 70), sample(null, null), sample(6, 60)]
  const peak = (requested: string) =>
    deriveStepFigures(
      completed({
        memorySamples,
        executionProvider: { ...plannedStep().executionProvider, requested },
      }),
    ).memory.measured?.devicePeakBytes
  expect(peak('cpu')).toBe(6)
  expect(peak('cuda')).toBe(70)
})

it('leaves unknown what no sample told', () => {
  expect(deriveStepFigures(completed()).memory.measured).toBeNull()
})

it('calls unexplained what the profile counts beyond the theory: 1200 − 1000 = 200', () => {
  const measured = { ...stepMemory({}).measured!, allocatedPeakBytes: 1200 }
  const memory = { theory, measured, unexplainedBytes: null }
  expect(deriveStepFigures(completed({ memory })).memory.unexplainedBytes).toBe(200)
})

it('gives the same figures from its own output', () => {
  const once = deriveStepFigures(completed({ memorySamples: [sample(5, null)], runsPerSample: 2 }))
  expect(deriveStepFigures(once)).toEqual(once)
})

it('looks at each process by itself: two levels are no warm-up, but they are said', () => {
  const latencySamplesMs = [...latencySamples(2), ...latencySamples(2.4)]
  const warningsOf = (step: Step) => deriveStepFigures(step).latencyMs?.warnings.join()
  expect(warningsOf(completed({ latencySamplesMs }))).toContain('another level')
  // 2.4 ÷ 2 = 1.2
  const split = warningsOf(completed({ latencySamplesMs, samplesPerProcess: [101, 101] }))
  expect(split).toContain('2 processes differ by 20 %')
  expect(split).not.toContain('another level')
})
