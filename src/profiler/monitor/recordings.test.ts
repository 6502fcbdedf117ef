import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { createManualClock } from '../../../test/profiler/manualClock'
import { noFastFigures } from '../../core/monitor/figures'
import {
  emptyMonitorState,
  type MonitorEvent,
  type MonitoredGpu,
} from '../../core/monitor/monitorState'
import { createRecordings } from './recordings'

const gpu: MonitoredGpu = {
  id: 'gpu-0',
  name: 'Invented GPU',
  uuid: null,
  driverVersion: null,
  source: 'nvml',
  fault: null,
}
const startMs = Date.UTC(2026, 0, 1)

let home: string
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'headroom-recordings-'))
})
afterEach(() => rmSync(home, { recursive: true }))

function createHere() {
  const listeners = new Set<(event: MonitorEvent) => void>()
  const held = { count: 0 }
  const clock = createManualClock()
  const warnings: string[] = []
  const recordings = createRecordings({
    folder: join(home, 'recordings'),
    clock,
    warn: (line) => warnings.push(line),
    monitor: {
      state: { ...emptyMonitorState, gpus: [gpu] },
      hold() {
        held.count += 1
        return () => void (held.count -= 1)
      },
      listen(listener) {
        listeners.add(listener)
        return () => void listeners.delete(listener)
      },
    },
  })
  const tell = (tMs: number, memoryUsedBytes: number | null, clocksEventReasons = 0) => {
    const figures = { ...noFastFigures, memoryUsedBytes, clocksEventReasons, memoryTotalBytes: 99 }
    const ticks = [{ tMs, gpus: { 'gpu-0': memoryUsedBytes === null ? null : figures } }]
    for (const listener of listeners) listener({ type: 'fast', ticks })
  }
  return { recordings, tell, held, clock, warnings, listeners }
}

it('records what the monitor tells until it is stopped, and holds the monitor meanwhile', () => {
  const { recordings, tell, held } = createHere()
  expect(recordings.list()).toEqual([])
  const { id } = recordings.start()
  expect(recordings.start()).toEqual({ id }) // one at a time
  expect(held.count).toBe(1)
  tell(startMs, 10)
  tell(startMs + 100, 30, 8)
  // What waits for its chunk is found all the same.
  expect(recordings.get(id)).toMatchObject({ isRunning: true, gpus: [{ memoryFirstBytes: 10 }] })
  tell(startMs + 200, null)
  tell(startMs + 300, 20)
  recordings.stop()
  tell(startMs + 400, 1000)
  expect(held.count).toBe(0)
  expect(recordings.list()).toMatchObject([
    { id: '2026-01-01T00-00-00-000Z', startedAt: '2026-01-01T00:00:00.000Z', isRunning: false },
  ])
  const report = recordings.get(id)
  expect(report).toMatchObject({ startMs, endMs: startMs + 300, lostChunkCount: 0 })
  expect(report.gpus[0]).toMatchObject({
    gpu,
    memoryTotalBytes: 99,
    summary: { tickCount: 4, silentCount: 1, memoryPeakBytes: 30, memoryPeakMs: startMs + 100 },
  })
  const span = { id, gpuId: 'gpu-0', fromMs: startMs, toMs: startMs + 250 }
  const { lines, throttled } = recordings.lines(span)
  expect(lines.memoryUsedBytes).toEqual([
    [startMs, 10],
    [startMs + 100, 30],
    [startMs + 200, null],
  ])
  expect(throttled).toEqual([[startMs + 100, startMs + 200]])
})

it('gives the file away piece by piece, and deletes it', () => {
  const { recordings, tell } = createHere()
  const { id } = recordings.start()
  tell(startMs, 10)
  expect(() => recordings.remove(id)).toThrow(/goes on: stop it first/)
  recordings.stop()
  const file = join(home, 'recordings', `${id}.hmon`)
  const whole = readFileSync(file)
  expect(recordings.read(id, 0)).toEqual({ bytes: whole, nextOffset: null })
  expect(recordings.read(id, 10).bytes).toEqual(whole.subarray(10))
  expect(recordings.read(id, 1e9)).toEqual({ bytes: Buffer.alloc(0), nextOffset: null })
  recordings.remove(id)
  expect(existsSync(file)).toBe(false)
  expect(() => recordings.get(id)).toThrow(/there is no recording/)
})

it('a file that is put into the folder is listed, and one that is no recording is refused', () => {
  const { recordings } = createHere()
  mkdirSync(join(home, 'recordings'))
  writeFileSync(join(home, 'recordings', 'from-the-box.hmon'), 'no recording')
  writeFileSync(join(home, 'recordings', 'notes.txt'), '')
  expect(recordings.list().map(({ id }) => id)).toEqual(['from-the-box'])
  expect(() => recordings.get('from-the-box')).toThrow(/is no recording/)
})

it('a folder that cannot be made is a line, and the monitor is not held', () => {
  writeFileSync(join(home, 'recordings'), '')
  const { recordings, held, listeners } = createHere()
  expect(() => recordings.start()).toThrow(/cannot be made \(E\w+\): name a folder/)
  expect([held.count, listeners.size]).toEqual([0, 0])
})
