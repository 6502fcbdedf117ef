import { rmSync, writeFileSync } from 'node:fs'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { bundleEntry } from '../../../test/bundleEntry'
import { canCompile, compileStubNvml, type StubNvml } from '../../../test/monitor/stubNvml'
import {
  applyMonitorEvent,
  emptyMonitorState,
  latestFast,
  type MonitorState,
  type NumberedMonitorEvent,
} from '../../core/monitor/monitorState'
import { systemClock } from '../clock'
import { engineEnvironment, launchWithNode, type EngineChild } from '../engineProcess'
import { createMonitor, type Monitor } from './monitor'

describe.skipIf(!canCompile)('the monitor over a stand-in for NVML', () => {
  let stub: StubNvml
  let entry: string
  let monitor: Monitor
  let children: EngineChild[]
  beforeAll(async () => {
    stub = compileStubNvml()
    entry = await bundleEntry('src/monitor/index.ts')
  }, 60_000)
  beforeEach(() => {
    children = []
    monitor = createMonitor({
      clock: systemClock,
      readProcessBytes: () => Promise.resolve(123),
      startToolSampler: () => ({ stop: () => {} }),
      launch() {
        const child = launchWithNode(
          entry,
          engineEnvironment(process.env, {
            ...stub.environment,
            CUDA_STUB_DEVICES: '2',
          }),
        )
        children.push(child)
        return child
      },
    })
  })
  afterEach(() => {
    monitor.close()
    stub.reset()
  })
  afterAll(() => stub.remove())

  /** Reads until the state so far is as `isDone` wants it. */
  async function readUntil(
    events: AsyncIterator<NumberedMonitorEvent, void>,
    isDone: (state: MonitorState) => boolean,
  ) {
    let state = emptyMonitorState
    const sequences: number[] = []
    for (;;) {
      const { value } = await events.next()
      if (!value) throw new Error('the stream ended')
      sequences.push(value.sequence)
      state = applyMonitorEvent(state, value.event)
      if (isDone(state)) return { state, sequences }
    }
  }
  const hasTicks = (count: number) => (state: MonitorState) => state.fast.length >= count

  it('starts with the first who asks, and tells health, GPUs and figures', async () => {
    expect(children).toHaveLength(0)
    const { state } = await readUntil(
      monitor.events(-1),
      ({ fast, slow }) => fast.length >= 3 && slow.length >= 1,
    )
    expect(children).toHaveLength(2)
    expect(state.gpus.map(({ id }) => id)).toEqual(['gpu-0', 'gpu-1'])
    expect(state.samplers.toSorted((a, b) => (a.sampler < b.sampler ? -1 : 1))).toMatchObject([
      { sampler: 'fast', state: 'up', periodMs: 100 },
      { sampler: 'slow', state: 'up', periodMs: 1000 },
    ])
    expect(latestFast(state, 'gpu-1')?.powerLimitWatts).toBe(70)
  })

  it('goes on after the last event that a viewer has seen, without a gap', async () => {
    const first = await readUntil(monitor.events(-1), hasTicks(2))
    const seen = first.sequences.at(-1)!
    await vi.waitFor(() => expect(monitor.state.fast.length).toBeGreaterThan(4), 20_000)
    const again = await readUntil(monitor.events(seen), hasTicks(3))
    expect(again.sequences).toEqual(again.sequences.map((_, i) => seen + 1 + i))
  })

  it('gives a number of another life the picture', async () => {
    const { state } = await readUntil(monitor.events(12), hasTicks(1))
    expect(state.samplers.length).toBeGreaterThan(0)
  })

  it('shows a fault, and that it cleared', async () => {
    const events = monitor.events(-1)
    await readUntil(events, hasTicks(1))
    writeFileSync(stub.faults, 'nvmlDeviceGetMemoryInfo_v2=15')
    const lost = await readUntil(events, ({ gpus }) => typeof gpus[0]?.fault === 'string')
    expect(lost.state.gpus[0]?.fault).toContain('GPU is lost (15)')
    rmSync(stub.faults)
    await readUntil(
      events,
      ({ gpus }) => gpus.length > 0 && gpus.every(({ fault }) => fault === null),
    )
  })

  it('starts a sampler again that was killed, while the other goes on', async () => {
    const events = monitor.events(-1)
    await readUntil(events, hasTicks(1))
    children[0]!.kill()
    const { state } = await readUntil(
      events,
      ({ samplers, fast }) =>
        samplers.some(({ restartCount }) => restartCount === 1) &&
        samplers.some(({ state: how, sampler }) => how === 'up' && sampler === 'fast') &&
        fast.length > 0,
    )
    expect(state.samplers.find(({ sampler }) => sampler === 'slow')?.restartCount ?? 0).toBe(0)
    expect(children).toHaveLength(3)
  })

  it('samples as fast as the most demanding of its holders wants', async () => {
    const release = monitor.hold({ fastPeriodMs: 10 })
    const isFast = () =>
      monitor.state.samplers.find(({ sampler }) => sampler === 'fast')?.periodMs === 10
    await vi.waitFor(() => expect(isFast()).toBe(true), 20_000)
    const stopReading = monitor.hold()
    release()
    await vi.waitFor(() => expect(isFast()).toBe(false), 20_000)
    stopReading()
  })

  it('adds what the engine holds', async () => {
    monitor.watchOwn(42)
    const { state } = await readUntil(monitor.events(-1), ({ slow }) => slow.length > 0)
    expect(state.slow[0]?.host?.engineBytes).toBe(123)
  })
})
