import { mkdtempSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { createRandom } from '../../core/random'
import { noFastFigures, type FastFigures } from '../../core/monitor/figures'
import type { FastTick, MonitoredGpu } from '../../core/monitor/monitorState'
import { createRecording, openRecording } from './recordingFile'

let folder: string
let file: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'headroom-recording-'))
  file = join(folder, 'session.hmon')
})
afterEach(() => rmSync(folder, { recursive: true }))

const gpuOf = (index: number): MonitoredGpu => ({
  id: `gpu-${index}`,
  name: 'Stub T4 (no GPU)',
  uuid: null,
  driverVersion: '580',
  source: 'nvml',
  fault: null,
})

function ticksOf(count: number, gpuCount: number): FastTick[] {
  const random = createRandom(7)
  const figures = (): FastFigures => ({
    ...noFastFigures,
    memoryUsedBytes: Math.floor(random.uniform() * 2 ** 34),
    powerDrawWatts: Math.floor(random.uniform() * 700_000) / 1000,
  })
  return Array.from({ length: count }, (_, i) => ({
    tMs: 1_700_000_000_000 + i * 100,
    gpus: Object.fromEntries(
      Array.from({ length: gpuCount }, (_gpu, index) => [
        `gpu-${index}`,
        i % 97 === 3 ? null : figures(),
      ]),
    ),
  }))
}

function record(ticks: readonly FastTick[], gpuCount: number): void {
  const recording = createRecording(file)
  recording.add({ type: 'gpus', gpus: Array.from({ length: gpuCount }, (_, i) => gpuOf(i)) })
  for (const tick of ticks) recording.add({ type: 'fast', ticks: [tick] })
  recording.close()
}

it('gives every sample back equal, over many chunks', () => {
  const ticks = ticksOf(1500, 2) // two chunks and a half
  record(ticks, 2)
  const recording = openRecording(file)
  expect(recording).toMatchObject({
    gpus: [{ id: 'gpu-0' }, { id: 'gpu-1' }],
    startMs: ticks[0]!.tMs,
    endMs: ticks.at(-1)!.tMs,
    lostChunkCount: 0,
  })
  for (const id of ['gpu-0', 'gpu-1']) {
    expect(recording.ticks(id)).toEqual(ticks.map(({ tMs, gpus }) => ({ tMs, figures: gpus[id] })))
  }
})

it('gives a span of one figure', () => {
  const ticks = ticksOf(1500, 1)
  record(ticks, 1)
  const [from, to] = [ticks[590]!.tMs, ticks[610]!.tMs] // across the end of a chunk
  expect(openRecording(file).figure('gpu-0', 'memoryUsedBytes', from, to)).toEqual(
    ticks.slice(590, 611).map(({ tMs, gpus }) => [tMs, gpus['gpu-0']?.memoryUsedBytes ?? null]),
  )
})

it('keeps what was whole before a crash', () => {
  record(ticksOf(1500, 1), 1)
  truncateSync(file, statSync(file).size - 100)
  const recording = openRecording(file)
  expect(recording.lostChunkCount).toBe(1)
  expect(recording.ticks('gpu-0')).toHaveLength(1200)
})

it('tells a damaged chunk by its checksum, and gives none of its figures', () => {
  record(ticksOf(1500, 1), 1)
  const bytes = readFileSync(file)
  bytes[bytes.length - 50]! ^= 1
  writeFileSync(file, bytes)
  const recording = openRecording(file)
  expect(recording.lostChunkCount).toBe(1)
  expect(recording.ticks('gpu-0')).toHaveLength(1200)
})

it('overwrites nothing, and reads nothing else', () => {
  record(ticksOf(1, 1), 1)
  expect(() => createRecording(file)).toThrow(/exists, and a recording overwrites nothing/)
  expect(() => createRecording(join(folder, 'none', 'x'))).toThrow(/cannot be written \(ENOENT\)/)
  expect(() => openRecording(join(folder, 'none'))).toThrow(/cannot be read \(ENOENT\)/)
  writeFileSync(join(folder, 'text'), 'no recording')
  expect(() => openRecording(join(folder, 'text'))).toThrow(/is no recording/)
})
