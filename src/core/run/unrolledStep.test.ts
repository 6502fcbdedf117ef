import { expect, it } from 'vitest'
import { unrolledStep } from './unrolledStep'

const around = (center: number) => [-3, -2, -1, 0, 1, 2, 3].map((off) => center + off / 10)
const probe = {
  shortStepCount: 1,
  longStepCount: 3,
  shortSamplesMs: around(14),
  longSamplesMs: around(34),
}
const step = {
  sequenceLength: 64,
  flopsPerStep: 5e9,
  devicePeak: { flopsPerSecond: 1e12, precision: 'fp32', bytesPerSecond: 1, source: 'test' },
}

it('is the slope: (34 − 14) ms ÷ (3 − 1) steps = 10 ms, whatever a run costs once', () => {
  const found = unrolledStep(probe, 16, step)!
  expect(found.latencyMs).toBeCloseTo(10)
  // 1000 ÷ 10 · 16 samples of 64 tokens; 5e9 ÷ 0.01 s of 1e12
  expect(found.throughputPerSecond).toBeCloseTo(1600)
  expect(found.tokensPerSecond).toBeCloseTo(102_400)
  expect(found.flopsPerSecond).toBeCloseTo(5e11)
  expect(found.fractionOfPeak).toBeCloseTo(0.5)
})

it('has an interval as wide as both medians leave it', () => {
  const { lowMs, highMs, latencyMs } = unrolledStep(probe, 16, step)!
  // Each median is known to 0.3 at most; twice that over two steps.
  expect(lowMs).toBeLessThan(latencyMs)
  expect(lowMs).toBeGreaterThanOrEqual(10 - 0.3)
  expect(highMs).toBeGreaterThan(latencyMs)
  expect(highMs).toBeLessThanOrEqual(10 + 0.3)
})

it('says nothing where the longer took no more, not surely more, or too few runs were timed', () => {
  const same = { ...probe, longSamplesMs: probe.shortSamplesMs }
  expect(unrolledStep(same, 16, step)).toBeNull()
  // Medians 10 ms apart, each within 20 ms of its own: 5 ms a step, or none.
  const scattered = [-30, -20, -10, 0, 10, 20, 30]
  const noisy = {
    ...probe,
    shortSamplesMs: scattered.map((off) => 50 + off),
    longSamplesMs: scattered.map((off) => 60 + off),
  }
  expect(unrolledStep(noisy, 16, step)).toBeNull()
  const few = { ...probe, longSamplesMs: [34, 34, 34, 34, 34] }
  expect(unrolledStep(few, 16, step)).toBeNull()
})

it('leaves unknown what nobody counted', () => {
  const images = { sequenceLength: null, flopsPerStep: null, devicePeak: null }
  expect(unrolledStep(probe, 16, images)).toMatchObject({
    tokensPerSecond: null,
    flopsPerSecond: null,
    fractionOfPeak: null,
  })
})
