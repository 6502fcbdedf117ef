import { expect, it } from 'vitest'
import { trainingOptionsOf } from '../core/plan/trainingOptionsOf'
import { workloadNetwork } from '../core/plan/workloadNetwork'
import type { EngineEvent, StepRequest } from '../protocol/engineContract'
import { measureUnrolled } from './measureUnrolled'

const request: StepRequest = {
  mode: 'train',
  preset: 'gpt-nano',
  model: null,
  precision: 'fp32',
  batchSize: 2,
  sequenceLength: 16,
  trainingSteps: 1,
  learningRate: null,
  provider: 'cpu',
  optimizer: 'adamw',
  method: 'full',
  adapterRank: 8,
  gradientAccumulationSteps: 2,
  checkpointing: 'none',
  profile: 'quick',
  seed: 0,
  // So many share the time that this one has next to none.
  processCount: 1000,
  processIndex: 0,
  resourcesFolder: 'resources',
  scratchFolder: 'nowhere',
}

async function eventsOf(changes: Partial<StepRequest> = {}): Promise<EngineEvent[]> {
  const asked = { ...request, ...changes }
  const network = workloadNetwork(asked)
  const tokens = new Int32Array(2 * 2 * 16).fill(7)
  const batch = { input: tokens, labels: tokens }
  const events: EngineEvent[] = []
  const options = trainingOptionsOf(asked, network)
  for await (const event of measureUnrolled(network, options, batch, asked)) events.push(event)
  return events
}

it('times graphs of one step and of three, no more often than an interval needs', async () => {
  const events = await eventsOf()
  expect(events[0]).toEqual({ type: 'phase', phase: 'unrolled' })
  const last = events.at(-1)!
  const unrolled = last.type === 'update' ? last.update.unrolled : null
  expect(unrolled).toMatchObject({ shortStepCount: 1, longStepCount: 3 })
  expect(unrolled!.shortSamplesMs).toHaveLength(6)
  expect(unrolled!.longSamplesMs).toHaveLength(6)
  const fastest = (samples: readonly number[]) => Math.min(...samples)
  expect(fastest(unrolled!.longSamplesMs)).toBeGreaterThan(fastest(unrolled!.shortSamplesMs))
})

it.each(['lora', 'qlora', 'qlora-8bit'] as const)('knows the step of %s, too', async (method) => {
  expect((await eventsOf({ method })).at(-1)).toMatchObject({ type: 'update' })
})

it('is for the first process, and for providers whose state would cross the bus', async () => {
  expect(await eventsOf({ processIndex: 1 })).toEqual([])
  expect(await eventsOf({ provider: 'webgpu' })).toEqual([])
})
