import { expect, it } from 'vitest'
import { noFastFigures, noSlowFigures } from '../core/monitor/figures'
import { emptyMonitorState, type MonitorEvent } from '../core/monitor/monitorState'
import { watchDevice } from './deviceWatch'
import type { Monitor } from './monitor/monitor'

/** A monitor of which a test decides what it says. */
function createTestMonitor() {
  const listeners = new Set<(event: MonitorEvent) => void>()
  const held: (number | undefined)[] = []
  const own = new Set<number>()
  const monitor: Monitor = {
    state: emptyMonitorState,
    hold({ fastPeriodMs } = {}) {
      held.push(fastPeriodMs)
      return () => void held.pop()
    },
    async *events() {},
    listen(listener) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    watchOwn(pid) {
      own.add(pid)
      return () => void own.delete(pid)
    },
    ownPids: own,
    close: () => {},
  }
  const say = (event: MonitorEvent) => listeners.forEach((listener) => listener(event))
  const fast = (memoryUsedBytes: number | null, clocksEventReasons = 0, gpuId = 'gpu-0') =>
    say({
      type: 'fast',
      ticks: [
        {
          tMs: 0,
          gpus: { [gpuId]: { ...noFastFigures, memoryUsedBytes, clocksEventReasons } },
        },
      ],
    })
  return { monitor, say, fast, held, own, listeners }
}

it('gives the highest use since it was last asked, and nothing where nothing came', () => {
  const { monitor, fast } = createTestMonitor()
  const watch = watchDevice(monitor, 'gpu-0')
  expect(watch.takeUsedBytes()).toBeNull()
  for (const bytes of [5, 9, 7]) fast(bytes)
  fast(99, 0, 'gpu-1')
  fast(null)
  expect(watch.takeUsedBytes()).toBe(9)
  expect(watch.takeUsedBytes()).toBeNull() // never a figure twice
})

it('asks for a hundred samples a second while it runs, and for none where the CPU computes', () => {
  const { monitor, held, listeners } = createTestMonitor()
  const watch = watchDevice(monitor, 'gpu-0')
  expect(held).toEqual([10])
  watch.stop()
  expect(held).toEqual([])
  expect(listeners.size).toBe(0)
  watchDevice(monitor, null)
  expect(held).toEqual([])
})

it('knows its own processes even after they have ended', () => {
  const { monitor, say, own } = createTestMonitor()
  const watch = watchDevice(monitor, 'gpu-0')
  watch.beginStep()
  const ended = watch.addOwn(5)
  expect([...own]).toEqual([5])
  ended()
  const processes = [5, 6].map((pid) => ({
    pid,
    name: 'p',
    usedBytes: 1,
    type: 'compute' as const,
  }))
  say({
    type: 'slow',
    tick: { tMs: 0, gpus: { 'gpu-0': { ...noSlowFigures, processes } }, host: null },
  })
  expect(watch.endStep()?.otherProcesses.map(({ pid }) => pid)).toEqual([6])
  expect(watch.endStep()).toBeNull()
})

it('counts throttled moments within the step only', () => {
  const { monitor, fast } = createTestMonitor()
  const watch = watchDevice(monitor, 'gpu-0')
  fast(1, 0x40)
  watch.beginStep()
  fast(1, 0x4)
  fast(1, 0x80)
  expect(watch.endStep()).toMatchObject({ sampleCount: 2, throttledSampleCount: 1 })
})
