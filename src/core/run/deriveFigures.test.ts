import { describe, expect, it } from 'vitest'
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
  reservedPeakBytes: null,
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

it('claims no fraction of a peak that the step itself disproves: 5 GFLOP ÷ 20 ms are 250 of 200', () => {
  const { flopsPerSecond, fractionOfPeak } = trainedText(20, 2)
  expect(flopsPerSecond).toBeCloseTo(2.5e11, 0)
  expect(fractionOfPeak).toBeNull()
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
  const memory = {
    theory,
    measured,
    unexplainedBytes: null,
    arenaSlackBytes: null,
    contextBytes: null,
  }
  expect(deriveStepFigures(completed({ memory })).memory.unexplainedBytes).toBe(200)
})

describe('what the measured memory holds beside tensors', () => {
  const measured = {
    ...stepMemory({}).measured!,
    allocatedPeakBytes: 1200,
    reservedPeakBytes: 2048,
    processBytes: 9048,
  }
  const memory = { ...stepMemory({}), measured }
  const onCuda = { requested: 'cuda', actual: 'cuda', nodesByProvider: {}, memcpyNodes: 0 }

  it('is slack of the arena: 2048 held − 1200 in use = 848', () => {
    expect(deriveStepFigures(completed({ memory })).memory.arenaSlackBytes).toBe(848)
  })

  it('is the process less its arena on a CPU: 9048 − 2048 = 7000', () => {
    expect(deriveStepFigures(completed({ memory })).memory.contextBytes).toBe(7000)
  })

  it('is on a GPU what the device took more while the profiled session stood: 5048 − 1000 − 2048', () => {
    const step = completed({
      memory,
      executionProvider: onCuda,
      phases: [
        { phase: 'load', tMs: 0 },
        { phase: 'memory', tMs: 100 },
        { phase: 'train', tMs: 400 },
      ],
      memorySamples: [
        { tMs: 50, processBytes: null, deviceUsedBytes: 1000 },
        { tMs: 250, processBytes: null, deviceUsedBytes: 5048 },
        { tMs: 450, processBytes: null, deviceUsedBytes: 9000 },
      ],
    })
    expect(deriveStepFigures(step).memory.contextBytes).toBe(2000)
    // Nobody looked before it, or meanwhile.
    const late = { ...step, memorySamples: step.memorySamples.slice(1) }
    expect(deriveStepFigures(late).memory.contextBytes).toBeNull()
    const blind = { ...step, memorySamples: [step.memorySamples[0]!, step.memorySamples[2]!] }
    expect(deriveStepFigures(blind).memory.contextBytes).toBeNull()
  })
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
