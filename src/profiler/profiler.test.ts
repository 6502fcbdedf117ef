import { createRouterClient, ORPCError } from '@orpc/server'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterEach, beforeAll, beforeEach, expect, it } from 'vitest'
import { bundleEntry } from '../../test/bundleEntry'
import { createManualClock } from '../../test/profiler/manualClock'
import { defaultWorkload } from '../core/plan/workload'
import type { NumberedRunEvent } from '../core/run/events'
import { type Clock, systemClock } from './clock'
import { launchWithNode, type EngineChild } from './engineProcess'
import { isProcessAlive } from './processAlive'
import { createProfiler, type Profiler } from './profiler'

// The whole application but its face, with the real engine on the CPU.

let engineEntry: string
let folder: string
let profiler: Profiler
let children: EngineChild[]
const workload = {
  ...defaultWorkload,
  provider: 'cpu' as const,
  modes: ['infer' as const],
  precisions: ['fp32' as const],
}

beforeAll(async () => {
  engineEntry = await bundleEntry('src/engine/index.ts')
}, 60_000)
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'headroom-profiler-'))
  children = []
  profiler = createHere()
})
afterEach(async () => {
  await profiler.close()
  rmSync(folder, { recursive: true })
})

function createHere(clock: Clock = systemClock): Profiler {
  return createProfiler({
    clock,
    host: 'terminal',
    version: '1.2.3',
    dataFolder: join(folder, 'data'),
    resourcesFolder: resolve(import.meta.dirname, '../../resources'),
    engineEntry,
    monitorEntry: 'not part of this test',
    launchEngine: (entry, environment) => {
      const child = launchWithNode(entry, environment)
      children.push(child)
      return child
    },
  })
}
const client = () => createRouterClient(profiler.router)

/** The answer that a page would be given. */
async function refusal(call: Promise<unknown>): Promise<ORPCError<string, unknown>> {
  const error = await call.then(
    () => null,
    (reason: unknown) => reason,
  )
  if (error instanceof ORPCError) return error
  throw new Error(`no refusal: ${String(error)}`)
}

/** Follows a run until `react` has seen enough, or to its end. */
async function follow(
  id: string,
  react: (numbered: NumberedRunEvent) => void | Promise<void> = () => {},
): Promise<void> {
  for await (const numbered of await client().runs.events({ id, after: -1 })) await react(numbered)
}

it('finds the CPU usable, and plans on it with theory and verdict', async () => {
  const { devices, executionProviders, host } = await client().devices({ refresh: false })
  expect(devices.at(-1)?.kind).toBe('cpu')
  expect(executionProviders.find(({ name }) => name === 'cpu')?.usable).toBe(true)
  expect(host).toMatchObject({ headroomVersion: '1.2.3', onnxruntimeVersion: '1.30.0' })
  const { steps } = await client().plan({ ...workload, precisions: ['fp32', 'int8', 'bf16'] })
  expect(steps.map(({ step, verdict }) => [step.outcome, verdict])).toEqual([
    ['planned', 'fits'],
    ['planned', 'fits'],
    ['skipped', null],
  ])
  expect(steps[0]!.step.memory.theory!.peakBytes).toBeGreaterThan(50_000)
}, 60_000)

it('runs, streams, stores and reports', async () => {
  const { id } = await client().runs.start(workload)
  const busy = await refusal(client().runs.start(workload))
  expect(busy).toMatchObject({ code: 'BUSY', data: { runId: id } })
  // A search would share what is measured.
  const question = { workload, sequenceLengths: null, memoryLimitBytes: 1e9, timeLimitMs: 1000 }
  const search = async () => (await client().frontier(question)).next()
  expect(await refusal(search())).toMatchObject({ code: 'BUSY', data: { runId: id } })
  const seen = new Set<string>()
  await follow(id, ({ event }) => void seen.add(event.type))
  expect([...seen]).toEqual(
    expect.arrayContaining(['phase', 'memory', 'latency', 'progress', 'runEnded']),
  )
  const record = await client().history.get({ id })
  expect(record.outcome).toBe('completed')
  const step = record.steps[0]!
  expect(step.executionProvider).toMatchObject({ actual: 'cpu', memcpyNodes: 0 })
  expect(step.latencyMs!.sampleCount).toBeGreaterThanOrEqual(64)
  expect(step.accuracy!.top1).toBeGreaterThan(0.9)
  expect(step.memory.unexplainedBytes).not.toBeNull()
  expect(await client().history.list()).toMatchObject([{ id, completedStepCount: 1, intact: true }])
  const report = await client().reports.create({ id, format: 'md', language: 'en' })
  expect(await report.content.text()).toContain('digits-mlp')
  await client().history.remove({ id })
  expect(await refusal(client().history.get({ id }))).toMatchObject({ code: 'NOT_FOUND' })
}, 120_000)

it('cancels the real engine at once and leaves an honest record', async () => {
  const { id } = await client().runs.start(workload)
  await follow(id, async ({ event }) => {
    if (event.type === 'latency') await client().runs.cancel({ id })
  })
  const { outcome, steps } = await client().history.get({ id })
  expect([outcome, steps[0]!.outcome, steps[0]!.latencyMs]).toEqual([
    'cancelled',
    'cancelled',
    null,
  ])
  expect(steps[0]!.latencySamplesMs.length).toBeGreaterThan(0)
  expect(await client().runs.current()).toEqual({ id: null })
}, 60_000)

it.each([
  ['SIGKILL', 'killed from outside'],
  ['SIGSEGV', 'crashed (SIGSEGV)'],
] as const)(
  'stores the real engine that ends by %s while it measures, and runs again',
  async (signal, reason) => {
    const { id } = await client().runs.start(workload)
    await follow(id, ({ event }) => {
      if (event.type === 'latency') process.kill(children.at(-1)!.pid!, signal)
    })
    const { steps } = await client().history.get({ id })
    expect(steps[0]).toMatchObject({ outcome: 'crashed' })
    expect(steps[0]!.reason).toContain(reason)
    const again = await client().runs.start(workload)
    await client().runs.cancel(again)
  },
  60_000,
)

it('ends the real engine that has stopped answering, and calls it hung', async () => {
  const clock = createManualClock()
  await profiler.close()
  profiler = createHere(clock)
  const { id } = await client().runs.start(workload)
  await follow(id, ({ event }) => {
    if (event.type !== 'latency') return
    process.kill(children.at(-1)!.pid!, 'SIGSTOP')
    clock.advance(30_001)
  })
  const { steps } = await client().history.get({ id })
  expect(steps[0]).toMatchObject({ outcome: 'hung' })
  expect(isProcessAlive(children.at(-1)!.pid!)).toBe(false)
}, 60_000)

it('cancels what runs when it is closed, and leaves no process and no doubt', async () => {
  const { id } = await client().runs.start(workload)
  await follow(id, ({ event }) => {
    if (event.type === 'phase' && event.phase === 'warmup') void profiler.close()
  })
  for (const child of children) {
    await child.exited
    expect(isProcessAlive(child.pid!)).toBe(false)
  }
  profiler = createHere()
  expect(await client().history.get({ id })).toMatchObject({ outcome: 'cancelled' })
}, 60_000)

it('calibrates for int8, and refuses alphas of another network by name', async () => {
  const { tensors, accuracyByMethod } = await client().quantization.network({
    preset: 'digits-mlp',
  })
  expect(tensors.length).toBeGreaterThan(1)
  const { top1, top1Fp32 } = accuracyByMethod.leastSquaredError
  expect(top1Fp32 - top1).toBeLessThan(0.01)
  const refused = await refusal(
    client().quantization.accuracy({ preset: 'digits-mlp', alphas: { nonsense: 1 } }),
  )
  expect(refused).toMatchObject({ code: 'BAD_INPUT', message: expect.stringContaining('alpha') })
}, 60_000)

it('answers a wrong workload by field and reason', async () => {
  const refused = await refusal(client().plan({ ...workload, batchSize: 0 }))
  expect(refused).toMatchObject({ code: 'BAD_INPUT', data: { path: 'batchSize', file: null } })
})

it('reads a model on its disk for a page, and refuses one by file and field', async () => {
  const config = {
    model_type: 'llama',
    hidden_size: 64,
    intermediate_size: 128,
    num_hidden_layers: 2,
    num_attention_heads: 4,
    vocab_size: 100,
  }
  writeFileSync(join(folder, 'config.json'), JSON.stringify(config))
  const { architecture } = await client().models.read({ path: join(folder, 'config.json') })
  expect(architecture).toMatchObject({ modelType: 'llama', layerCount: 2 })
  writeFileSync(join(folder, 'config.json'), '{"model_type":"llama"}')
  expect(await refusal(client().models.read({ path: join(folder, 'config.json') }))).toMatchObject({
    code: 'BAD_INPUT',
    data: { file: 'config.json', path: 'hidden_size' },
  })
})

it('answers a history that cannot be opened by its file', async () => {
  writeFileSync(join(folder, 'data'), 'a file where the folder should be')
  const refused = await refusal(client().history.list())
  expect(refused).toMatchObject({
    code: 'BAD_INPUT',
    data: { file: join(folder, 'data/history.sqlite') },
  })
})

it('knows no run that never was', async () => {
  expect(await refusal(follow('01J0'))).toMatchObject({
    code: 'NOT_FOUND',
    message: 'there is no run 01J0',
  })
  expect(await refusal(client().history.remove({ id: '01J0' }))).toMatchObject({
    code: 'NOT_FOUND',
  })
})
