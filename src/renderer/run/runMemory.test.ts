import { describe, expect, it } from 'vitest'
import { MiB } from '../../core/units'
import { createRecord, createStep, gpuDevice } from '../../../test/pageData'
import { runMemory } from './runMemory'

const sample = (
  tMs: number,
  processBytes: number | null,
  deviceUsedBytes: number | null = null,
) => ({
  tMs,
  processBytes,
  deviceUsedBytes,
})
const measured = (baselineBytes: number) => ({
  allocatedPeakBytes: null,
  reservedPeakBytes: null,
  devicePeakBytes: null,
  baselineBytes,
  processBytes: null,
  source: 'test',
})
const step = createStep({
  startedMs: 1000,
  endedMs: 3000,
  phases: [
    { phase: 'load', tMs: 1100 },
    { phase: 'measure', tMs: 1500 },
  ],
  memorySamples: [sample(1100, 40 * MiB), sample(2000, 75 * MiB), sample(2900, 73 * MiB)],
})

describe('runMemory', () => {
  it('counts the process from what the engine was before it had a session', () => {
    const { memory } = step
    const [shown] = runMemory(
      createRecord([{ ...step, memory: { ...memory, measured: measured(60 * MiB) } }]),
    )
    // 40 − 60 is a process that is still starting: 0; 75 − 60 = 15; 73 − 60 = 13
    expect(shown?.measured).toEqual([
      [1.1, 0],
      [2, 15 * MiB],
      [2.9, 13 * MiB],
    ])
  })

  it('waits with the line of a running step until the baseline is known', () => {
    const [shown] = runMemory(createRecord([{ ...step, endedMs: null }]))
    expect(shown).toMatchObject({ baseBytes: null, measured: [], endSeconds: 2.9 })
  })

  it('counts a device from its first sample', () => {
    const memorySamples = [sample(1100, null, 500 * MiB), sample(2000, null, 508 * MiB)]
    const [shown] = runMemory(createRecord([{ ...step, memorySamples }], { device: gpuDevice }))
    expect(shown?.measured).toEqual([
      [1.1, 0],
      [2, 8 * MiB],
    ])
  })

  it('has the weights while they are loaded, and the peak from there on', () => {
    const [shown] = runMemory(createRecord([step]))
    expect(shown?.theory.map(({ startSeconds, endSeconds }) => [startSeconds, endSeconds])).toEqual(
      [
        [1, 1.5],
        [1.5, 3],
      ],
    )
    expect(shown?.theory[0]?.terms.activationsBytes).toBe(0)
    expect(shown?.theory[1]?.terms).toEqual(step.memory.theory!.terms)
  })

  it('leaves out what has not begun', () => {
    expect(runMemory(createRecord([createStep()]))).toEqual([])
  })
})
