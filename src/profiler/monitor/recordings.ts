import { closeSync, openSync, readdirSync, readSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { isThrottled } from '../../core/monitor/clockReasons'
import { InputError } from '../../core/errors'
import type { MonitorEvent } from '../../core/monitor/monitorState'
import { summarizeRecording } from '../../core/monitor/recordingSummary'
import { type LinePoint, thinLine } from '../../core/monitor/thinLine'
import {
  drawnFigures,
  type DrawnFigure,
  type RecordedLines,
  type RecordedSpan,
  type RecordingListing,
  type RecordingReport,
} from '../../protocol/recordings'
import type { Clock } from '../clock'
import { makeFolder } from '../makeFolder'
import type { Monitor } from './monitor'
import { createRecording, openRecording, type Recording } from './recordingFile'

export interface RecordingsOptions {
  /** Made when the first recording begins. */
  readonly folder: string
  readonly monitor: Pick<Monitor, 'state' | 'hold' | 'listen'>
  readonly clock: Pick<Clock, 'wallMs'>
  readonly warn: (line: string) => void
}

/** The recordings of the data folder, one of which may go on. */
export interface Recordings {
  list(): RecordingListing[]
  /** @throws InputError where the folder cannot be written */
  start(): { readonly id: string }
  stop(): void
  /** @throws InputError where there is no such recording, or it cannot be read */
  get(id: string): RecordingReport
  /** @throws InputError */
  lines(span: RecordedSpan): RecordedLines
  /** A piece of the file. @throws InputError */
  read(
    id: string,
    offset: number,
  ): { readonly bytes: Buffer<ArrayBuffer>; readonly nextOffset: number | null }
  /** @throws InputError where there is none, or it goes on */
  remove(id: string): void
}

const extension = '.hmon'
/** About what a wide chart can show. */
const drawnPoints = 1200
/** Half of what a slow viewer may have buffered. */
const pieceBytes = 512 * 1024

interface Running {
  readonly id: string
  /** Writes what waits. */
  flush(): void
  end(): void
}

export function createRecordings({ folder, monitor, clock, warn }: RecordingsOptions): Recordings {
  let running: Running | null = null
  let opened: { readonly key: string; readonly recording: Recording } | null = null
  const problems = new Map<string, string>()
  const fileOf = (id: string) => join(folder, id + extension)

  function begin(id: string): Running {
    makeWritable(folder)
    const writer = createRecording(fileOf(id))
    const attempt = (write: () => void) => {
      try {
        write()
      } catch (error) {
        // A disk that is full ends the recording, not the monitor.
        const reason = error instanceof Error ? error.message : String(error)
        problems.set(id, reason)
        warn(`the recording ${id} ended: ${reason}`)
        release()
        running = null
      }
    }
    const release = [
      monitor.listen((event: MonitorEvent) => attempt(() => writer.add(event))),
      monitor.hold(),
    ].reduceRight<() => void>(
      (after, undo) => () => {
        undo()
        after()
      },
      () => {},
    )
    writer.add({ type: 'gpus', gpus: monitor.state.gpus })
    return {
      id,
      flush: () => attempt(() => writer.flush()),
      end() {
        release()
        attempt(() => writer.close())
        running = null
      },
    }
  }

  function sizeOf(id: string): number {
    const stats = statSync(fileOf(id), { throwIfNoEntry: false })
    if (!stats?.isFile()) throw noSuchRecording(id)
    return stats.size
  }

  function open(id: string): Recording {
    if (running?.id === id) running.flush()
    const key = `${id} ${sizeOf(id)}`
    if (opened?.key !== key) opened = { key, recording: openRecording(fileOf(id)) }
    return opened.recording
  }

  return {
    list() {
      const names = listFolder(folder).filter((name) => /^[\w-]{1,64}\.hmon$/.test(name))
      return names
        .map((name): RecordingListing => {
          const id = name.slice(0, -extension.length)
          const { size, birthtimeMs, mtimeMs } = statSync(join(folder, name))
          const startedMs = timeOf(id) ?? Math.min(birthtimeMs || mtimeMs, mtimeMs)
          return {
            id,
            startedAt: new Date(startedMs).toISOString(),
            bytes: size,
            isRunning: running?.id === id,
            problem: problems.get(id) ?? null,
          }
        })
        .toSorted((a, b) => (a.startedAt < b.startedAt ? 1 : -1))
    },
    start() {
      running ??= begin(idOf(clock.wallMs()))
      return { id: running.id }
    },
    stop: () => running?.end(),
    get(id) {
      const recording = open(id)
      const { gpus, startMs, endMs, lostChunkCount } = recording
      return {
        id,
        isRunning: running?.id === id,
        startMs: gpus.length === 0 ? 0 : startMs,
        endMs: gpus.length === 0 ? 0 : endMs,
        lostChunkCount,
        gpus: gpus.map((gpu) => {
          const ticks = recording.ticks(gpu.id)
          const first = (name: 'memoryUsedBytes' | 'memoryTotalBytes') =>
            ticks.find(({ figures }) => figures !== null && figures[name] !== null)?.figures?.[name]
          return {
            gpu,
            summary: summarizeRecording(ticks),
            memoryFirstBytes: first('memoryUsedBytes') ?? null,
            memoryTotalBytes: first('memoryTotalBytes') ?? null,
          }
        }),
      }
    },
    lines({ id, gpuId, fromMs, toMs }) {
      const recording = open(id)
      const line = (name: DrawnFigure): readonly LinePoint[] =>
        thinLine(recording.figure(gpuId, name, fromMs, toMs), drawnPoints)
      const reasons = recording.figure(gpuId, 'clocksEventReasons', fromMs, toMs)
      return {
        lines: Object.fromEntries(drawnFigures.map((name) => [name, line(name)])) as Record<
          DrawnFigure,
          readonly LinePoint[]
        >,
        throttled: throttledSpans(reasons),
      }
    },
    read(id, offset) {
      if (running?.id === id) running.flush()
      const size = sizeOf(id)
      const bytes = Buffer.alloc(Math.max(0, Math.min(pieceBytes, size - offset)))
      const descriptor = openSync(fileOf(id), 'r')
      try {
        readSync(descriptor, bytes, 0, bytes.length, offset)
      } finally {
        closeSync(descriptor)
      }
      const end = offset + bytes.length
      return { bytes, nextOffset: end < size ? end : null }
    },
    remove(id) {
      sizeOf(id)
      if (running?.id === id)
        throw new InputError({
          code: 'INVALID_VALUE',
          path: 'id',
          message: `the recording ${id} goes on: stop it first`,
        })
      opened = null
      problems.delete(id)
      rmSync(fileOf(id))
    },
  }
}

function throttledSpans(reasons: readonly LinePoint[]): (readonly [number, number])[] {
  const spans: [number, number][] = []
  let isOpen = false
  for (const [tMs, bits] of reasons) {
    const isNow = isThrottled(bits)
    if (isNow && !isOpen) spans.push([tMs, tMs])
    else if (isNow || isOpen) spans.at(-1)![1] = tMs
    isOpen = isNow
  }
  return spans
}

function listFolder(folder: string): string[] {
  try {
    return readdirSync(folder)
  } catch {
    return [] // nothing was recorded yet
  }
}

/** @throws InputError where it cannot be made */
function makeWritable(folder: string): void {
  try {
    makeFolder(folder, 0o700)
  } catch (error) {
    throw new InputError({
      code: 'INVALID_VALUE',
      path: 'HEADROOM_DATA',
      message: `${folder} cannot be made (${(error as NodeJS.ErrnoException).code}): name a folder that can be written`,
    })
  }
}

/** `2026-11-25T20-01-33-123Z`: sorts by time, and every file system takes it. */
function idOf(wallMs: number): string {
  return new Date(wallMs).toISOString().replaceAll(/[:.]/g, '-')
}

/** When the recording of that name began; null where somebody else named it. */
function timeOf(id: string): number | null {
  const found = /^(\d{4}-\d\d-\d\dT\d\d)-(\d\d)-(\d\d)-(\d{3})Z$/.exec(id)
  if (!found) return null
  const ms = Date.parse(`${found[1]}:${found[2]}:${found[3]}.${found[4]}Z`)
  return Number.isNaN(ms) ? null : ms
}

function noSuchRecording(id: string): InputError {
  return new InputError({
    code: 'INVALID_VALUE',
    path: 'id',
    message: `there is no recording ${id} in the data folder`,
  })
}
