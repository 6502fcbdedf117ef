import { describe, expect, it } from 'vitest'
import { plannedStep, runRecord } from '../../../test/runRecords'
import { builtInGpus } from '../builtInGpus'
import type { DevicePeak } from '../run/record'
import { requireGpu } from './estimateMemory'
import { parseJob } from './job'
import { measuredRates } from './measuredRates'

const t4 = requireGpu('t4', builtInGpus)
const peakOf = (precision: string, flopsPerSecond: number): DevicePeak => ({
  precision,
  flopsPerSecond,
  bytesPerSecond: 250e9,
  source: 'products and copies',
})
const runOn = (gpuId: string | null, day: number, devicePeak: DevicePeak | null) => {
  const { device } = runRecord()
  return runRecord({
    id: `run-${day}`,
    startedAt: `2026-11-${day}T10:00:00.000Z`,
    device: { ...device, gpuId },
    steps: [plannedStep({ devicePeak: null }), plannedStep({ devicePeak })],
  })
}
const jobOf = (fields: object) =>
  parseJob({ task: 'train', model: { name: 'gpt2' }, gpu: 't4', ...fields })

describe('rates that were measured', () => {
  const records = [
    runOn('t4', 10, peakOf('fp16', 20e12)),
    runOn('t4', 20, peakOf('fp16', 22e12)),
    runOn('l4', 21, peakOf('fp16', 99e12)),
    runOn(null, 22, peakOf('fp16', 1)),
    runOn('t4', 23, peakOf('fp32', 7e12)),
    runOn('t4', 24, null),
  ]

  it('are those of the newest run on the same GPU in the same precision', () => {
    expect(measuredRates(jobOf({ precision: 'amp-fp16' }), t4, records)).toEqual({
      flopsPerSecond: 22e12,
      bytesPerSecond: 250e9,
      source: 'measured on this machine by run run-20 of 2026-11-20: products and copies',
    })
    expect(measuredRates(jobOf({ precision: 'fp32' }), t4, records)?.flopsPerSecond).toBe(7e12)
  })

  it('are none where no probe is of the precision', () => {
    expect(measuredRates(jobOf({ precision: 'bf16' }), t4, records)).toBeNull()
    expect(measuredRates(jobOf({ precision: 'fp16' }), t4, [])).toBeNull()
  })

  it('in TF32 say nothing about PyTorch, which does without', () => {
    const a100 = requireGpu('a100-80gb', builtInGpus)
    const inTf32 = [runOn('a100-80gb', 12, peakOf('fp32', 120e12))]
    const job = { precision: 'fp32', gpu: 'a100-80gb' }
    expect(measuredRates(jobOf(job), a100, inTf32)).toBeNull()
    const engine = jobOf({ ...job, runtime: 'onnxruntime' })
    expect(measuredRates(engine, a100, inTf32)?.flopsPerSecond).toBe(120e12)
  })
})
