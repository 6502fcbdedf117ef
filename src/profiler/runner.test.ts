import { beforeAll, beforeEach, expect, it } from 'vitest'
import { bundleEntry } from '../../test/bundleEntry'
import { createManualClock, type ManualClock } from '../../test/profiler/manualClock'
import { plannedStep, runRecord } from '../../test/runRecords'
import type { Plan } from '../core/plan/plan'
import { defaultWorkload } from '../core/plan/workload'
import type { RunEvent } from '../core/run/events'
import { RunRecord, type Step } from '../core/run/record'
import type { DeviceWatch } from './deviceWatch'
import { launchWithNode, type EngineChild } from './engineProcess'
import type { LiveRun } from './liveRun'
import { isProcessAlive } from './processAlive'
import { createRunner, type Runner, type RunnerOptions } from './runner'

const { device, host } = runRecord()
let entry: string
let clock: ManualClock
let children: EngineChild[]
let saved: RunRecord[]

beforeAll(async () => {
  entry = await bundleEntry('test/profiler/testEngine.ts')
}, 60_000)
beforeEach(() => {
  clock = createManualClock()
  children = []
  saved = []
})

function planOf(steps: Step[], profile: 'quick' | 'standard' = 'quick'): Plan {
  return {
    schema: 'headroom/plan/1',
    workload: { ...defaultWorkload, profile },
    device,
    provider: 'cpu',
    usableBytes: null,
    steps: steps.map((step) => ({ step, verdict: null })),
  }
}
const onePlan = planOf([plannedStep()])

/** A device of which nobody tells anything, unless a test says what. */
function quietDevice(changes: Partial<DeviceWatch> = {}): DeviceWatch {
  return {
    addOwn: () => () => {},
    takeUsedBytes: () => null,
    beginStep: () => {},
    endStep: () => null,
    stop: () => {},
    ...changes,
  }
}

/** A runner whose engines end as `ending` says. */
function createTestRunner(ending: string, changes: Partial<RunnerOptions> = {}): Runner {
  return createRunner({
    clock,
    resourcesFolder: 'nowhere',
    history: { save: (record) => void saved.push(RunRecord.parse(record)) },
    warn: (line) => {
      throw new Error(line)
    },
    readProcessBytes: async () => 5000,
    watchDevice: () => quietDevice(),
    launch: () => {
      const child = launchWithNode(entry, { TEST_ENGINE: ending })
      children.push(child)
      return child
    },
    ...changes,
  })
}

/** Follows a run to its end; `react` sees every event. */
async function follow(
  live: LiveRun,
  react: (event: RunEvent) => void = () => {},
): Promise<RunRecord> {
  for await (const { event } of live.events(-1)) react(event)
  return live.record
}

async function runOne(ending: string, react?: (event: RunEvent) => void): Promise<Step> {
  const record = await follow(createTestRunner(ending).start(onePlan, host), react)
  expect(saved.at(-1)).toEqual(record)
  return record.steps[0]!
}

it('completes a step, with its figures derived and everything stored', async () => {
  const step = await runOne('complete')
  expect(step).toMatchObject({
    outcome: 'completed',
    executionProvider: { requested: 'cpu', actual: 'cpu', nodesByProvider: { cpu: 3 } },
    memory: { measured: { allocatedPeakBytes: 1200, devicePeakBytes: 5000 } },
  })
  expect(step.latencySamplesMs).toHaveLength(70)
  // 64 images ÷ 2.03 ms
  expect(step.latencyMs?.median).toBeCloseTo(2.03, 9)
  expect(step.throughputPerSecond).toBeCloseTo(64_000 / 2.03, 6)
})

it('marks a step whose GPU was throttled or shared, and keeps its figures', async () => {
  const conditions = {
    sampleCount: 600,
    throttledSampleCount: 3,
    throttleReasons: ['hwThermalSlowdown'],
    otherProcesses: [{ pid: 7, name: 'python', peakBytes: 2 ** 30 }],
  }
  let own = 0
  const watchDevice = () =>
    quietDevice({
      endStep: () => conditions,
      addOwn: () => {
        own += 1
        return () => void (own -= 1)
      },
    })
  const runner = createTestRunner('complete', { watchDevice })
  const record = await follow(runner.start(onePlan, host))
  const [step] = record.steps
  expect(step).toMatchObject({ outcome: 'completed', deviceConditions: conditions })
  expect(step?.latencyMs?.sampleCount).toBe(70)
  expect(step?.notes).toEqual([
    expect.stringContaining('throttled at 3 of 600 moments (hwThermalSlowdown)'),
    expect.stringContaining('shared GPU: python (PID 7) held 1 GiB of it'),
  ])
  expect(own).toBe(0)
})

it('leaves no engine behind', async () => {
  await runOne('complete')
  expect(children).toHaveLength(1)
  expect(isProcessAlive(children[0]!.pid!)).toBe(false)
})

it.each([
  ['abort', 'crashed', 'the engine process crashed (SIGABRT)'],
  ['exit', 'crashed', 'the engine process ended by itself with exit code 70'],
  ['badAlloc', 'hostOutOfMemory', 'the engine process ran out of host memory'],
  ['outOfMemory', 'outOfMemory', 'no 16 GiB'],
  ['throw', 'crashed', 'the engine refused the step'],
])(
  'stores an engine that ends by %s as %s, with what was measured',
  async (ending, outcome, reason) => {
    const step = await runOne(ending)
    expect(step.outcome).toBe(outcome)
    expect(step.reason).toContain(reason)
    expect(step.latencySamplesMs).toHaveLength(70)
    expect(step.latencyMs).toBeNull()
  },
)

it('keeps what the engine wrote on stderr', async () => {
  expect((await runOne('abort')).details).toContain('terminate called')
})

it('survives what is no message of the protocol', async () => {
  expect((await runOne('garbage')).outcome).toBe('completed')
})

it('stores an engine that is killed from outside', async () => {
  const step = await runOne('wait', (event) => {
    if (event.type === 'progress') process.kill(children[0]!.pid!, 'SIGKILL')
  })
  expect(step).toMatchObject({ outcome: 'crashed' })
  expect(step.reason).toContain('killed from outside (SIGKILL)')
})

it('ends an engine that is silent for longer than its budget, and calls it hung', async () => {
  const step = await runOne('busy', (event) => {
    if (event.type === 'progress') clock.advance(30_001)
  })
  expect(step).toMatchObject({
    outcome: 'hung',
    reason: 'the engine was silent for more than 30 s and was ended',
  })
  expect(isProcessAlive(children[0]!.pid!)).toBe(false)
})

it('goes on with the next step after a crash', async () => {
  const steps = [plannedStep(), plannedStep({ precision: 'fp16' })]
  const record = await follow(createTestRunner('abort').start(planOf(steps), host))
  expect(record.steps.map(({ outcome }) => outcome)).toEqual(['crashed', 'completed'])
  expect(record.outcome).toBe('partial')
})

it('passes over skipped steps', async () => {
  const steps = [plannedStep({ outcome: 'skipped', reason: 'no bf16' }), plannedStep()]
  const record = await follow(createTestRunner('complete').start(planOf(steps), host))
  expect(record.steps[0]).toEqual(steps[0])
  expect(record.outcome).toBe('completed')
})

it('cancels at any moment: the step, those after it, and stores both', async () => {
  const runner = createTestRunner('wait')
  const live = runner.start(planOf([plannedStep(), plannedStep()]), host)
  const record = await follow(live, (event) => {
    if (event.type === 'progress') void runner.cancel(live.record.id)
  })
  expect(record.outcome).toBe('cancelled')
  expect(record.steps.map(({ outcome, startedMs }) => [outcome, startedMs])).toEqual([
    ['cancelled', 0],
    ['cancelled', null],
  ])
  expect(saved.at(-1)).toEqual(record)
  expect(children).toHaveLength(1)
})

it('cancels before the engine has said anything', async () => {
  const runner = createTestRunner('wait')
  const live = runner.start(onePlan, host)
  await runner.cancel(live.record.id)
  expect(saved.at(-1)?.outcome).toBe('cancelled')
  expect(runner.busyWith).toBeNull()
})

it('runs one at a time', async () => {
  const runner = createTestRunner('complete')
  const live = runner.start(onePlan, host)
  expect(runner.busyWith).toBe(live.record.id)
  expect(() => runner.start(onePlan, host)).toThrow('goes on')
  await follow(live)
  await runner.close()
  expect(runner.busyWith).toBeNull()
})

it('measures in as many processes as the profile asks, one after the other', async () => {
  const plan = planOf([plannedStep()], 'standard')
  const fractions: number[] = []
  const record = await follow(createTestRunner('complete').start(plan, host), (event) => {
    if (event.type === 'progress') fractions.push(event.fraction)
  })
  expect(children).toHaveLength(5)
  // (0 + 0.5) ÷ 5, (1 + 0.5) ÷ 5, …
  expect(fractions).toEqual([0.1, 0.3, 0.5, 0.7, 0.9])
  const step = record.steps[0]!
  expect(step.latencySamplesMs).toHaveLength(5 * 70)
  expect(step.samplesPerProcess).toEqual([70, 70, 70, 70, 70])
  expect(step.runsPerSample).toBe(5) // the most that any of them needed
  expect(step.memory.measured?.allocatedPeakBytes).toBe(1200)
})

it('goes on measuring where nothing can be stored, and says so', async () => {
  const warnings: string[] = []
  const runner = createTestRunner('complete', {
    history: {
      save: () => {
        throw new Error('database or disk is full')
      },
    },
    warn: (line) => void warnings.push(line),
  })
  const record = await follow(runner.start(onePlan, host))
  expect(record.outcome).toBe('completed')
  expect(warnings[0]).toBe(`The run ${record.id} could not be stored: database or disk is full`)
})

it('stores the run while it lasts', async () => {
  const runner = createTestRunner('wait')
  const live = runner.start(onePlan, host)
  await follow(live, (event) => {
    if (event.type !== 'progress') return
    clock.advance(5000)
    void runner.close()
  })
  const inBetween = saved.find(({ steps }) => steps[0]?.outcome === 'running')
  expect(inBetween?.outcome).toBe('running')
  expect(inBetween?.steps[0]?.latencySamplesMs).toHaveLength(70)
})
