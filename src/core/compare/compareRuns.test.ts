import { describe, expect, it } from 'vitest'
import { latencySamples, plannedStep, runRecord, stepMemory } from '../../../test/runRecords'
import type { RunRecord, Step } from '../run/record'
import { compareRuns } from './compareRuns'
import { Comparison } from './comparison'

const samples = latencySamples(2)
const step = plannedStep({
  outcome: 'completed',
  latencySamplesMs: samples,
  throughputPerSecond: 32_000, // 64 images ÷ 2 ms
  memory: stepMemory({ weightsBytes: 68_904, activationsBytes: 20_000 }),
  epochs: [{ epoch: 1, loss: 1, testAccuracy: 0.97 }],
})
const run = (change: Partial<Step> = {}, record: Partial<RunRecord> = {}) =>
  runRecord({ steps: [{ ...step, ...change }], ...record })
const slower = (factor: number) => ({
  latencySamplesMs: samples.map((value) => value * factor),
})

/** 0.9 of 2 processors went to others, and none was left. */
const crowded = { engineProcessors: 1.1, otherProcessors: 0.9, logicalProcessors: 2 }

describe('compareRuns', () => {
  it('finds no significant difference between a run and itself', () => {
    const comparison = compareRuns(run(), run())
    expect(comparison.verdict).toBe('noSignificantDifference')
    expect(comparison.environment).toEqual([])
    expect(Comparison.parse(comparison)).toEqual(comparison)
  })

  it('calls 10 % more time a regression, and gives its interval', () => {
    const { verdict, steps } = compareRuns(run(), run(slower(1.1)))
    const [latency, throughput] = steps[0]!.metrics
    expect(verdict).toBe('regressed')
    expect(latency!.ratio).toBeCloseTo(1.1, 6)
    expect(latency!.ciLow).toBeGreaterThan(1.01)
    expect(latency!.ciHigh).toBeLessThan(1.2)
    expect(throughput!.ratio).toBeCloseTo(1 / 1.1, 6)
  })

  it('calls 10 % less time an improvement', () => {
    expect(compareRuns(run(), run(slower(0.9))).verdict).toBe('improved')
  })

  it('does not call 0.5 % more time a regression, however narrow the interval', () => {
    expect(compareRuns(run(), run(slower(1.005))).verdict).toBe('noSignificantDifference')
  })

  it.each([
    ['a', run({ hostLoad: crowded }), run(slower(1.5))],
    ['b', run(), run({ ...slower(1.5), hostLoad: crowded })],
  ])('gives but does not judge times where %s had to share the processors', (_, a, b) => {
    const { verdict, steps } = compareRuns(a, b)
    expect(verdict).toBe('noSignificantDifference')
    expect(steps[0]!.metrics).toMatchObject([
      { name: 'latencyMs', ratio: expect.closeTo(1.5), verdict: 'notCompared' },
      { name: 'throughputPerSecond', verdict: 'notCompared' },
      {},
      {},
      {},
      {},
    ])
  })

  it('judges allocated memory and accuracy', () => {
    const grown = stepMemory({ weightsBytes: 68_904, activationsBytes: 30_000 })
    expect(compareRuns(run(), run({ memory: grown })).verdict).toBe('regressed')
    const epochs = [{ epoch: 1, loss: 1, testAccuracy: 0.95 }] // 2 points less
    expect(compareRuns(run(), run({ epochs })).verdict).toBe('regressed')
  })

  it('shows the memory of the whole process without judging it', () => {
    const memory = { ...step.memory, measured: { ...step.memory.measured!, devicePeakBytes: 1e12 } }
    const { verdict, steps } = compareRuns(run(), run({ memory }))
    expect(verdict).toBe('noSignificantDifference')
    expect(steps[0]!.metrics.find(({ name }) => name === 'devicePeakBytes')).toMatchObject({
      verdict: 'notCompared',
      b: 1e12,
    })
  })

  it('calls a step that no longer completes a regression, but not one that nobody ran', () => {
    expect(compareRuns(run(), run({ outcome: 'outOfMemory' })).verdict).toBe('regressed')
    expect(compareRuns(run(), run({ outcome: 'cancelled' })).verdict).toBe('notComparable')
  })

  it('matches steps by mode, precision, network and batch size, and names those left over', () => {
    const { steps, unmatched, verdict } = compareRuns(run(), run({ batchSize: 128 }))
    expect(steps).toEqual([])
    expect(verdict).toBe('notComparable')
    expect(unmatched.map(({ run, batchSize }) => [run, batchSize])).toEqual([
      ['a', 64],
      ['b', 128],
    ])
  })

  it('compares the memory ledger of a step however it ended', () => {
    const { steps } = compareRuns(
      run(),
      run({ outcome: 'outOfMemory', memory: plannedStep().memory }),
    )
    expect(steps[0]!.metrics).toEqual([])
    expect(steps[0]!.ledger.find(({ name }) => name === 'weightsBytes')).toMatchObject({
      a: 68_904,
      b: null,
      differenceBytes: null,
    })
  })

  it('names what changes the graph of a step without making it another step', () => {
    const { workload } = run()
    const { environment } = compareRuns(
      run(),
      run({}, { workload: { ...workload, checkpointing: 'layer', gradientAccumulationSteps: 4 } }),
    )
    expect(environment).toEqual([
      { name: 'workload.gradientAccumulationSteps', a: '1', b: '4' },
      { name: 'workload.checkpointing', a: 'none', b: 'layer' },
    ])
  })

  it('says what differs around the runs', () => {
    const { device } = run()
    const { environment } = compareRuns(
      run(),
      run({}, { device: { ...device, driverVersion: '580.95' } }),
    )
    expect(environment).toEqual([{ name: 'device.driverVersion', a: null, b: '580.95' }])
  })
})
