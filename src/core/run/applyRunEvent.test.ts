import { expect, it } from 'vitest'
import { memoryTerms } from '../estimate/memoryTerms'
import { defaultWorkload } from '../plan/workload'
import { applyRunEvent, runOutcome, type RunState } from './applyRunEvent'
import { RunEvent } from './events'
import { RunRecord, type Step } from './record'

const planned: Step = {
  mode: 'infer',
  precision: 'fp32',
  computePrecision: 'fp32',
  network: { name: 'digits-mlp', parameterCount: 17_226 },
  sequenceLength: null,
  flopsPerStep: null,
  batchSize: 64,
  optimizer: null,
  method: null,
  gradientAccumulationSteps: 1,
  outcome: 'planned',
  notes: [],
  executionProvider: { requested: 'cpu', actual: null, nodesByProvider: {}, memcpyNodes: null },
  latencyMs: null,
  throughputPerSecond: null,
  tokensPerSecond: null,
  devicePeak: null,
  flopsPerSecond: null,
  fractionOfPeak: null,
  unrolled: null,
  unrolledStep: null,
  depth: null,
  fullDepth: null,
  memory: {
    theory: {
      terms: memoryTerms({}),
      peakBytes: 0,
      peakPhase: 'forward',
      phases: [],
      reservedPeakBytes: null,
    },
    measured: null,
    unexplainedBytes: null,
    arenaSlackBytes: null,
    contextBytes: null,
  },
  accuracy: null,
  loss: null,
  epochs: [],
  validation: [],
  lossScaling: null,
  latencySamplesMs: [],
  runsPerSample: 1,
  memorySamples: [],
  phases: [],
  startedMs: null,
  endedMs: null,
}
const record: RunRecord = {
  schema: 'headroom/run/1',
  id: '01J00000000000000000000000',
  startedAt: '2026-01-01T00:00:00.000Z',
  host: {
    os: 'Linux',
    cpu: 'CPU',
    logicalCores: 2,
    memoryBytes: 2 ** 34,
    headroomVersion: '0.1.0',
    onnxruntimeVersion: null,
  },
  device: {
    id: 'cpu',
    name: 'CPU',
    kind: 'cpu',
    vendor: null,
    memoryTotalBytes: null,
    memoryFreeBytes: null,
    unifiedMemory: true,
    driverVersion: null,
    computeCapability: null,
    powerLimitWatts: null,
    gpuId: null,
    source: 'os',
  },
  workload: defaultWorkload,
  outcome: 'running',
  steps: [planned, planned],
}
const fold = (events: readonly RunEvent[]): RunState => {
  let state: RunState | null = null
  for (const event of events) state = applyRunEvent(state, RunEvent.parse(event))
  return state!
}
const events: RunEvent[] = [
  { type: 'runStarted', record },
  { type: 'stepStarted', step: 0, tMs: 1 },
  { type: 'phase', step: 0, phase: 'load', tMs: 2 },
  {
    type: 'memory',
    step: 0,
    samples: [{ tMs: 3, processBytes: 100, deviceUsedBytes: null }],
  },
  { type: 'latency', step: 0, samplesMs: [1, 2] },
  { type: 'latency', step: 0, samplesMs: [3] },
  { type: 'epoch', step: 0, epoch: 1, loss: 0.5, testAccuracy: 0.9 },
  { type: 'progress', step: 0, fraction: 0.5, remainingMs: 10, throughputPerSecond: 640 },
]

it('appends what is measured to the step it belongs to and to no other', () => {
  const { record, live } = fold(events)
  expect(record.steps[0]).toMatchObject({
    outcome: 'running',
    startedMs: 1,
    latencySamplesMs: [1, 2, 3],
    loss: [0.5],
    phases: [{ phase: 'load', tMs: 2 }],
    memorySamples: [{ tMs: 3, processBytes: 100 }],
  })
  expect(record.steps[1]).toEqual(planned)
  expect(live).toMatchObject({ step: 0, fraction: 0.5, throughputPerSecond: 640 })
})

it('lists losses and validations in the order in which they came, also of a step that then diverged', () => {
  const { record } = fold([
    ...events.slice(0, 3),
    { type: 'validation', step: 0, validation: { step: 0, loss: 5.6 } },
    { type: 'losses', step: 0, losses: [5.5, 5.1] },
    { type: 'losses', step: 0, losses: [4.9] },
    { type: 'validation', step: 0, validation: { step: 3, loss: 4.8 } },
    { type: 'stepEnded', step: 0, tMs: 9, update: { outcome: 'diverged' } },
  ])
  expect(record.steps[0]).toMatchObject({
    outcome: 'diverged',
    loss: [5.5, 5.1, 4.9],
    validation: [
      { step: 0, loss: 5.6 },
      { step: 3, loss: 4.8 },
    ],
  })
  expect(record.steps[1]).toEqual(planned)
})

it('keeps what was measured when a step ends badly', () => {
  const { record, live } = fold([
    ...events,
    { type: 'stepEnded', step: 0, tMs: 9, update: { outcome: 'crashed', reason: 'SIGABRT' } },
  ])
  expect(record.steps[0]).toMatchObject({
    outcome: 'crashed',
    reason: 'SIGABRT',
    endedMs: 9,
    latencySamplesMs: [1, 2, 3],
  })
  expect(live).toBeNull()
})

it('leaves an earlier state as it was', () => {
  const before = fold(events.slice(0, 4))
  const copy = structuredClone(before)
  applyRunEvent(before, { type: 'latency', step: 0, samplesMs: [1] })
  expect(before).toEqual(copy)
})

it('gives a record that its own schema accepts', () => {
  const { record } = fold([
    ...events,
    { type: 'stepEnded', step: 0, tMs: 9, update: { outcome: 'completed' } },
    { type: 'runEnded', outcome: 'partial' },
  ])
  expect(RunRecord.parse(record)).toEqual(record)
})

it.each([
  [['completed', 'completed'], 'completed'],
  [['completed', 'skipped'], 'completed'],
  [['completed', 'crashed'], 'partial'],
  [['crashed', 'skipped'], 'failed'],
  [['completed', 'cancelled'], 'cancelled'],
  [['skipped'], 'failed'],
] as const)('calls a run with steps %j %s', (outcomes, expected) => {
  expect(
    runOutcome({ ...record, steps: outcomes.map((outcome) => ({ ...planned, outcome })) }),
  ).toBe(expected)
})
