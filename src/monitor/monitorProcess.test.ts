import { createORPCClient } from '@orpc/client'
import type { ContractRouterClient } from '@orpc/contract'
import { rmSync, writeFileSync } from 'node:fs'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { bundleEntry } from '../../test/bundleEntry'
import { canCompile, compileStubNvml, type StubNvml } from '../../test/monitor/stubNvml'
import type { FastTick, MonitoredGpu, SlowTick } from '../core/monitor/monitorState'
import { MiB } from '../core/units'
import {
  engineEnvironment,
  launchWithNode,
  linkTo,
  type EngineChild,
} from '../profiler/engineProcess'
import type { monitorContract, SamplerEvent, SamplerRole } from '../protocol/monitorContract'

describe.skipIf(!canCompile)('the monitor process over a stand-in for NVML', () => {
  let stub: StubNvml
  let entry: string
  let children: EngineChild[]
  beforeAll(async () => {
    stub = compileStubNvml()
    entry = await bundleEntry('src/monitor/index.ts')
    children = []
  }, 60_000)
  afterEach(() => {
    for (const child of children) child.kill()
    children = []
    stub.reset()
  })
  afterAll(() => stub.remove())

  function start(environment: Readonly<Record<string, string>> = {}) {
    const child = launchWithNode(
      entry,
      engineEnvironment(process.env, {
        ...stub.environment,
        ...environment,
      }),
    )
    children.push(child)
    return createORPCClient<ContractRouterClient<typeof monitorContract>>(linkTo(child))
  }

  async function* follow(
    role: SamplerRole,
    environment: Readonly<Record<string, string>> = {},
    periodMs = 20,
  ): AsyncGenerator<SamplerEvent> {
    yield* await start(environment).follow({ role, periodMs })
  }
  const take = async <T>(events: AsyncIterable<T>, count: number): Promise<T[]> => {
    const taken: T[] = []
    for await (const event of events) if (taken.push(event) >= count) break
    return taken
  }
  const gpusOf = (event: SamplerEvent | undefined): readonly MonitoredGpu[] =>
    event?.type === 'gpus' ? event.gpus : []
  const fastOf = (events: readonly SamplerEvent[]): FastTick[] =>
    events.flatMap((event) => (event.type === 'fast' ? [event.tick] : []))
  const slowOf = (events: readonly SamplerEvent[]): SlowTick[] =>
    events.flatMap((event) => (event.type === 'slow' ? [event.tick] : []))

  it.each([1, 2, 8])('tells of %i GPUs and their figures, many times a second', async (count) => {
    const events = await take(follow('fast', { CUDA_STUB_DEVICES: String(count) }), 6)
    const gpus = gpusOf(events[0])
    expect(gpus.map(({ id }) => id)).toEqual(Array.from({ length: count }, (_, i) => `gpu-${i}`))
    expect(gpus[0]).toMatchObject({
      name: 'Stub T4 (no GPU)',
      source: 'nvml',
      driverVersion: '580.00-stub',
      fault: null,
    })
    const ticks = fastOf(events)
    expect(ticks).toHaveLength(5)
    for (const { gpus: figures } of ticks) {
      expect(Object.keys(figures)).toHaveLength(count)
      expect(figures['gpu-0']).toMatchObject({ memoryReservedBytes: 448 * MiB, smClockMHz: 300 })
    }
    expect(ticks.map(({ tMs }) => tMs)).toEqual(
      ticks.map(({ tMs }) => tMs).toSorted((a, b) => a - b),
    )
  })

  it('ends where there is no GPU, and says what NVML said', async () => {
    const none = await take(follow('fast', { CUDA_STUB_DEVICES: '0' }), 9)
    expect(none).toEqual([
      {
        type: 'gpus',
        gpus: [],
        problem: null,
        scheduling: expect.stringMatching(/^(realTime|raised|usual)$/) as unknown,
      },
    ])
    const unloaded = await take(follow('fast', { NVML_STUB_FAIL: 'nvmlInit_v2=9' }), 9)
    expect(unloaded).toMatchObject([{ problem: 'nvmlInit_v2: Driver Not Loaded (9)' }])
    const mismatch = await take(follow('fast', { NVML_STUB_FAIL: 'nvmlInit_v2=18' }), 9)
    expect(mismatch).toMatchObject([{ gpus: [], problem: expect.stringContaining('(18)') }])
    const missing = await take(follow('fast', { LD_LIBRARY_PATH: '' }), 9)
    expect(missing).toMatchObject([{ problem: expect.stringContaining('libnvidia-ml.so.1') }])
  })

  it('a GPU that is lost is null while the others go on', async () => {
    const events = await take(
      follow('fast', { CUDA_STUB_DEVICES: '2', NVML_STUB_FAIL: 'nvmlDeviceGetMemoryInfo_v2@1=15' }),
      4,
    )
    expect(gpusOf(events[1])).toMatchObject([
      { fault: null },
      { fault: 'nvmlDeviceGetMemoryInfo_v2: GPU is lost (15)' },
    ])
    for (const { gpus } of fastOf(events)) {
      expect(gpus['gpu-0']).not.toBeNull()
      expect(gpus['gpu-1']).toBeNull()
    }
  })

  it('a fault that appears leaves a gap, and clears with it', async () => {
    const events = follow('fast')
    await take(events, 1)
    const seen: (number | null | undefined)[] = []
    for await (const event of follow('fast')) {
      if (event.type !== 'fast') continue
      const power = event.tick.gpus['gpu-0']?.powerDrawWatts
      if (seen.at(-1) !== power) seen.push(power)
      if (seen.length === 1) writeFileSync(stub.faults, 'nvmlDeviceGetPowerUsage=999')
      if (seen.length === 2) rmSync(stub.faults, { force: true })
      if (seen.length === 3) break
    }
    expect(seen).toEqual([11.2, null, 11.2])
  })

  it('tells the slow figures, a critical error and the host', async () => {
    writeFileSync(stub.faults, 'xid=79')
    const events = await take(follow('slow', { CUDA_STUB_MIG: '2' }), 3)
    const [first, second] = slowOf(events)
    expect(first?.gpus['gpu-0']).toMatchObject({
      migEnabled: true,
      xid: 79,
      pcieSentBytesPerSecond: 0,
    })
    expect(second?.gpus['gpu-0']?.xid).toBe(79) // until the monitor ends
    expect(second?.host?.memoryTotalBytes).toBeGreaterThan(0)
    expect(second?.host?.engineBytes).toBeNull()
  })

  it('lists who holds memory, by name and bytes', async () => {
    stub.hold(process.pid, 3072 * MiB)
    const [tick] = slowOf(await take(follow('slow'), 2))
    expect(tick?.gpus['gpu-0']?.processes).toEqual([
      {
        pid: process.pid,
        name: expect.stringMatching(/node/),
        usedBytes: 3072 * MiB,
        type: 'compute',
      },
    ])
  })

  it('another period holds from the next tick on', async () => {
    const client = start()
    const times: number[] = []
    for await (const event of await client.follow({ role: 'fast', periodMs: 60_000 })) {
      if (event.type === 'gpus') await client.setPeriod({ periodMs: 10 })
      else if (event.type === 'fast' && times.push(event.tick.tMs) >= 3) break
    }
    expect(times.at(-1)! - times[0]!).toBeLessThan(5000)
  })
})
