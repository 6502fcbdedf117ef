import { expect, it, vi } from 'vitest'
import { createManualClock } from '../../../test/profiler/manualClock'
import { noFastFigures, noSlowFigures } from '../../core/monitor/figures'
import {
  applyMonitorEvent,
  emptyMonitorState,
  type MonitorEvent,
} from '../../core/monitor/monitorState'
import { startToolSampler, type ReadTool, type ToolGpu } from './toolSampler'

const gpu = (fault: string | null = null): ToolGpu => ({
  gpu: {
    id: 'gpu-0',
    name: 'Tesla T4',
    uuid: null,
    driverVersion: null,
    source: 'nvidia-smi',
    fault,
  },
  fast: { ...noFastFigures, memoryUsedBytes: 7 },
  slow: noSlowFigures,
})

function start(tools: readonly ReadTool[]) {
  const clock = createManualClock()
  const events: MonitorEvent[] = []
  const sampler = startToolSampler({ tools, clock, onEvent: (event) => events.push(event) })
  const health = () => events.findLast((event) => event.type === 'sampler')?.health
  return { clock, events, sampler, health }
}

it('follows by the first tool that tells of a GPU, and asks no other again', async () => {
  const missing = vi.fn<ReadTool>(() => Promise.resolve(null))
  const empty = vi.fn<ReadTool>(() => Promise.resolve([]))
  const good = vi.fn<ReadTool>(() => Promise.resolve([gpu()]))
  const { clock, events, health } = start([missing, empty, good])
  await vi.waitFor(() => expect(health()?.state).toBe('up'), 20_000)
  clock.advance(1000)
  await vi.waitFor(() => expect(good).toHaveBeenCalledTimes(2), 20_000)
  expect([missing, empty].map((tool) => tool.mock.calls.length)).toEqual([1, 1])
  const state = events.reduce(applyMonitorEvent, emptyMonitorState)
  expect(state.gpus).toMatchObject([{ name: 'Tesla T4', source: 'nvidia-smi' }])
  expect(state.fast[0]?.gpus['gpu-0']?.memoryUsedBytes).toBe(7)
  expect(events.filter(({ type }) => type === 'gpus')).toHaveLength(1) // nothing new was told
})

it('never asks again while an answer is awaited', async () => {
  const { promise, resolve } = Promise.withResolvers<readonly ToolGpu[]>()
  const slow = vi.fn<ReadTool>(() => promise)
  const { clock, health } = start([slow])
  clock.advance(1000)
  clock.advance(1000)
  expect(slow).toHaveBeenCalledTimes(1)
  resolve([gpu()])
  await vi.waitFor(() => expect(health()?.state).toBe('up'), 20_000)
})

it('tells a GPU that failed as a gap', async () => {
  const { events } = start([() => Promise.resolve([gpu('GPU is lost')])])
  await vi.waitFor(() => expect(events.some(({ type }) => type === 'fast')).toBe(true), 20_000)
  const state = events.reduce(applyMonitorEvent, emptyMonitorState)
  expect(state.fast[0]?.gpus['gpu-0']).toBeNull()
  expect(state.gpus[0]?.fault).toBe('GPU is lost')
})

it('is absent where no tool answers, and looks again after a minute', async () => {
  const missing = vi.fn<ReadTool>(() => Promise.resolve(null))
  const { clock, health } = start([missing])
  await vi.waitFor(() => expect(health()?.state).toBe('absent'), 20_000)
  clock.advance(59_000)
  expect(missing).toHaveBeenCalledTimes(1)
  missing.mockResolvedValue([gpu()])
  clock.advance(1000)
  await vi.waitFor(() => expect(health()?.state).toBe('up'), 20_000)
  missing.mockResolvedValue(null)
  clock.advance(1000)
  await vi.waitFor(
    () => expect(health()).toMatchObject({ state: 'failed', restartCount: 1 }),
    20_000,
  )
})

it('says nothing once it is stopped', async () => {
  const { promise, resolve } = Promise.withResolvers<readonly ToolGpu[]>()
  const { events, sampler } = start([() => promise])
  sampler.stop()
  resolve([gpu()])
  await promise
  expect(events.map(({ type }) => type)).toEqual(['sampler'])
})
