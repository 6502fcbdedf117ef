import { expect, it } from 'vitest'
import { latencySamples, plannedStep, stepMemory } from '../../../test/runRecords'
import { summarizeLatency } from '../statistics/summarizeLatency'
import { predictFullDepth } from './predictDepth'

const latencyMs = summarizeLatency(latencySamples(50))
const step = plannedStep({
  batchSize: 2,
  sequenceLength: 128,
  memory: stepMemory({ weightsBytes: 4000 }),
})
const depth = {
  layerCount: 4,
  fullLayerCount: 32,
  shallowLayerCount: 2,
  shallowSamplesMs: latencySamples(30),
  shallowAllocatedPeakBytes: 2500,
}

it('adds a layer’s cost for each that is missing: 50 + 28 · (50 − 30) ÷ 2 = 330 ms', () => {
  const predicted = predictFullDepth(depth, latencyMs, step)!
  expect(predicted.latencyMs).toBeCloseTo(330, 6)
  expect(predicted.tokensPerSecond).toBeCloseTo((2 * 128 * 1000) / 330, 6)
  // 4000 + 28 · (4000 − 2500) ÷ 2
  expect(predicted.allocatedPeakBytes).toBe(25_000)
})

it('gives an interval around it that grows with the layers to be predicted', () => {
  const width = (fullLayerCount: number) => {
    const { lowMs, highMs } = predictFullDepth({ ...depth, fullLayerCount }, latencyMs, step)!
    return highMs - lowMs
  }
  const { lowMs, latencyMs: predictedMs, highMs } = predictFullDepth(depth, latencyMs, step)!
  expect(lowMs).toBeLessThan(predictedMs)
  expect(highMs).toBeGreaterThan(predictedMs)
  expect(width(64)).toBeGreaterThan(width(32))
})

it('predicts what was measured where nothing is left out', () => {
  const whole = predictFullDepth({ ...depth, fullLayerCount: 4 }, latencyMs, step)!
  expect(whole.latencyMs).toBe(latencyMs.median)
  expect([whole.lowMs, whole.highMs]).toEqual([latencyMs.ciLow, latencyMs.ciHigh])
})

it('predicts nothing from one depth, and no time below nothing', () => {
  expect(predictFullDepth({ ...depth, shallowSamplesMs: [] }, latencyMs, step)).toBeNull()
  const slower = { ...depth, shallowSamplesMs: latencySamples(60) }
  expect(predictFullDepth(slower, latencyMs, step)).toBeNull()
})
