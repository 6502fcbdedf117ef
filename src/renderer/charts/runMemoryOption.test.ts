import { describe, expect, it } from 'vitest'
import { MiB } from '../../core/units'
import { runMemory } from '../run/runMemory'
import { createRecord, createStep, gpuDevice } from '../../../test/pageData'
import { runMemoryOption, runMemoryTable, type RunMemoryLabels } from './runMemoryOption'

const labels: RunMemoryLabels = {
  term: (name) => name,
  step: ({ mode, precision }) => `${mode} ${precision}`,
  phase: (phase) => phase,
  measured: 'measured',
  theory: 'theory',
  axis: 'Memory',
  processAxis: 'Process',
  time: 'Seconds',
  stepColumn: 'Step',
  allocated: 'allocated',
}
const step = createStep({
  outcome: 'completed',
  startedMs: 0,
  endedMs: 2000,
  phases: [{ phase: 'measure', tMs: 500 }],
  memorySamples: [
    { tMs: 0, processBytes: 60 * MiB, deviceUsedBytes: 500 * MiB },
    { tMs: 1000, processBytes: 90 * MiB, deviceUsedBytes: 509 * MiB },
  ],
})
const cpuSteps = runMemory(createRecord([step]))
const option = (source: 'process' | 'device') =>
  runMemoryOption({
    steps: source === 'process' ? cpuSteps : runMemory(createRecord([step], { device: gpuDevice })),
    labels,
    scheme: 'light',
    source,
  })
const seriesNamed = (source: 'process' | 'device', name: string) =>
  [option(source).series ?? []].flat().find((series) => series.name === name)

describe('runMemoryOption', () => {
  it('gives a process a plot of its own, since Node.js is in it', () => {
    expect([option('process').grid].flat()).toHaveLength(3)
    expect(seriesNamed('process', 'measured')).toMatchObject({ xAxisIndex: 2 })
  })

  it('draws a device over the theory itself', () => {
    expect([option('device').grid].flat()).toHaveLength(2)
    // 509 − 500 MiB above the first sample; null ends the line with the step
    expect(seriesNamed('device', 'measured')).toMatchObject({
      data: [
        [0, 0],
        [1, 9],
        [2, null],
      ],
    })
  })

  it('stacks each term on those below it', () => {
    // weights 2 MiB, activations 6 MiB; the weights alone are there while they are loaded
    expect(seriesNamed('device', 'weightsBytes')).toMatchObject({
      data: [
        [0, 0.5, 0, 2],
        [0.5, 2, 0, 2],
      ],
    })
    expect(seriesNamed('device', 'activationsBytes')).toMatchObject({ data: [[0.5, 2, 2, 8]] })
  })

  it('lists every moment with the theory of that moment', () => {
    expect(runMemoryTable(cpuSteps, labels).rows).toEqual([
      [0, 'infer fp32', 0, 2],
      [1, 'infer fp32', 30, 8],
    ])
  })

  it('stays within a few thousand points after an hour at ten a second', () => {
    const memorySamples = Array.from({ length: 36_000 }, (_, i) => ({
      tMs: 100 * i,
      processBytes: (60 + (i % 7)) * MiB,
      deviceUsedBytes: null,
    }))
    const [hour] = runMemory(createRecord([{ ...step, memorySamples, endedMs: 3_600_000 }]))
    expect(hour?.measured.length).toBeLessThanOrEqual(800)
  })
})
