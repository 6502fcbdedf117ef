import { closeSync, fsyncSync, openSync, readFileSync, writeSync } from 'node:fs'
import { crc32, deflateRawSync, inflateRawSync } from 'node:zlib'
import * as z from 'zod'
import { InputError } from '../../core/errors'
import { MonitoredGpu, type MonitorEvent } from '../../core/monitor/monitorState'
import {
  decodeFigure,
  decodeTicks,
  encodeTicks,
  type FigureName,
  type PackedTicks,
  type RecordedTick,
} from '../../core/monitor/recordedTicks'

// A recording is a file that only grows: a mark, then chunks of about a minute of one GPU each. A chunk
// is its length, what is in it as JSON, and the ticks, compressed. One that a crash cut short is passed
// over; a damaged one is told by its checksum.

const mark = Buffer.from('headroom recording 1\n')

const ChunkHead = z.object({
  gpu: MonitoredGpu,
  startMs: z.number(),
  endMs: z.number(),
  count: z.int().min(1),
  /** Of each compressed column that follows. */
  columnBytes: z.array(z.int().min(0)).min(2).max(1000),
  crc32: z.int(),
})
type ChunkHead = z.infer<typeof ChunkHead>

/** A minute at the usual rate: small enough to lose, large enough to compress. */
const chunkTicks = 600
const lengthBytes = 4
const mostHeadBytes = 100_000

export interface RecordingWriter {
  /** Writes the figures of `event`, if it has any. */
  add(event: MonitorEvent): void
  /** Writes what waits for its chunk to be full, so that a reader finds it. */
  flush(): void
  /** Writes what is left. */
  close(): void
}

/** Begins a recording in a file of its own. @throws InputError where it exists or cannot be written */
export function createRecording(file: string): RecordingWriter {
  const descriptor = openNew(file)
  const pending = new Map<string, RecordedTick[]>()
  let gpus: readonly MonitoredGpu[] = []
  writeSync(descriptor, mark)

  function write(id: string, ticks: readonly RecordedTick[]): void {
    const gpu = gpus.find((one) => one.id === id)
    if (!gpu || ticks.length === 0) return
    const columns = encodeTicks(ticks).map((column) => deflateRawSync(column))
    const body = Buffer.concat(columns)
    const head: ChunkHead = {
      gpu,
      startMs: ticks[0]!.tMs,
      endMs: ticks.at(-1)!.tMs,
      count: ticks.length,
      columnBytes: columns.map(({ length: byteCount }) => byteCount),
      crc32: crc32(body),
    }
    const text = Buffer.from(JSON.stringify(head))
    const length = Buffer.alloc(lengthBytes)
    length.writeUInt32LE(text.length)
    writeSync(descriptor, Buffer.concat([length, text, body]))
  }

  function flush(): void {
    for (const [id, ticks] of pending) write(id, ticks)
    pending.clear()
  }

  return {
    add(event) {
      if (event.type === 'gpus') gpus = event.gpus
      if (event.type === 'snapshot') gpus = event.state.gpus
      if (event.type !== 'fast') return
      for (const { tMs, gpus: figures } of event.ticks) {
        for (const [id, of] of Object.entries(figures)) {
          const ticks = pending.get(id) ?? []
          pending.set(id, ticks)
          ticks.push({ tMs, figures: of })
          if (ticks.length < chunkTicks) continue
          pending.delete(id)
          write(id, ticks)
        }
      }
    },
    flush,
    close() {
      flush()
      fsyncSync(descriptor)
      closeSync(descriptor)
    },
  }
}

function openNew(file: string): number {
  try {
    return openSync(file, 'wx')
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    const reason =
      code === 'EEXIST'
        ? 'exists, and a recording overwrites nothing'
        : `cannot be written (${code})`
    throw new InputError({
      code: 'INVALID_VALUE',
      path: '--record',
      message: `${file} ${reason}: name another file`,
    })
  }
}

/** A recording that is read: which GPUs and when, at once; figures when they are asked for. */
export interface Recording {
  readonly gpus: readonly MonitoredGpu[]
  readonly startMs: number
  readonly endMs: number
  /** Chunks that are damaged or cut short. */
  readonly lostChunkCount: number
  /** Every tick of a GPU from `fromMs` to `toMs`. */
  ticks(gpuId: string, fromMs?: number, toMs?: number): RecordedTick[]
  /** One figure alone, as `[tMs, value]`: what a chart draws. */
  figure(
    gpuId: string,
    name: FigureName,
    fromMs?: number,
    toMs?: number,
  ): (readonly [tMs: number, value: number | null])[]
}

/** @throws InputError where the file is no recording */
export function openRecording(file: string): Recording {
  const bytes = readFile(file)
  if (!bytes.subarray(0, mark.length).equals(mark)) throw noRecording(file, 'is no recording')
  const { chunks, lostChunkCount } = readChunks(bytes)
  const gpus = new Map(chunks.map(({ head }) => [head.gpu.id, head.gpu]))
  const within = (gpuId: string, fromMs: number, toMs: number) =>
    chunks.filter(
      ({ head }) => head.gpu.id === gpuId && head.endMs >= fromMs && head.startMs <= toMs,
    )
  return {
    gpus: [...gpus.values()].toSorted((a, b) => (a.id < b.id ? -1 : 1)),
    startMs: chunks.reduce((least, { head }) => Math.min(least, head.startMs), Infinity),
    endMs: chunks.reduce((most, { head }) => Math.max(most, head.endMs), -Infinity),
    lostChunkCount,
    ticks: (gpuId, fromMs = -Infinity, toMs = Infinity) =>
      within(gpuId, fromMs, toMs)
        .flatMap((chunk) => decodeTicks(unpack(chunk)))
        .filter(({ tMs }) => tMs >= fromMs && tMs <= toMs),
    figure(gpuId, name, fromMs = -Infinity, toMs = Infinity) {
      const points: (readonly [number, number | null])[] = []
      for (const chunk of within(gpuId, fromMs, toMs)) {
        const { times, values } = decodeFigure(unpack(chunk), name)
        times.forEach((tMs, i) => {
          if (tMs >= fromMs && tMs <= toMs) points.push([tMs, values[i]!])
        })
      }
      return points
    },
  }
}

interface Chunk {
  readonly head: ChunkHead
  readonly body: Buffer
}

function unpack({ head: { count, columnBytes }, body }: Chunk): PackedTicks {
  return {
    count,
    columnCount: columnBytes.length,
    column(place) {
      const start = columnBytes.slice(0, place).reduce((sum, bytes) => sum + bytes, 0)
      return inflateRawSync(body.subarray(start, start + columnBytes[place]!))
    },
  }
}

function readChunks(bytes: Buffer): { readonly chunks: Chunk[]; readonly lostChunkCount: number } {
  const chunks: Chunk[] = []
  let lostChunkCount = 0
  let place = mark.length
  while (place < bytes.length) {
    const head = readHead(bytes, place)
    const end = head && head.head.columnBytes.reduce((sum, bytes) => sum + bytes, head.bodyAt)
    // Where a length is damaged nothing behind it can be found.
    if (!head || end === null || end > bytes.length)
      return { chunks, lostChunkCount: lostChunkCount + 1 }
    const body = bytes.subarray(head.bodyAt, end)
    if (crc32(body) === head.head.crc32) chunks.push({ head: head.head, body })
    else lostChunkCount += 1
    place = end
  }
  return { chunks, lostChunkCount }
}

function readHead(
  bytes: Buffer,
  place: number,
): { readonly head: ChunkHead; readonly bodyAt: number } | null {
  if (place + lengthBytes > bytes.length) return null
  const length = bytes.readUInt32LE(place)
  const bodyAt = place + lengthBytes + length
  if (length > mostHeadBytes || bodyAt > bytes.length) return null
  try {
    const text = bytes.toString('utf8', place + lengthBytes, bodyAt)
    return { head: ChunkHead.parse(JSON.parse(text)), bodyAt }
  } catch {
    return null // damaged
  }
}

/** Eight GPUs at ten a second for a week stay below it. */
const mostFileBytes = 2 ** 31 - 1

function readFile(file: string): Buffer {
  try {
    const bytes = readFileSync(file)
    if (bytes.length > mostFileBytes) throw noRecording(file, 'is larger than 2 GiB')
    return bytes
  } catch (error) {
    if (error instanceof InputError) throw error
    const { code } = error as NodeJS.ErrnoException
    throw noRecording(file, `cannot be read (${code ?? 'unknown'})`)
  }
}

function noRecording(file: string, reason: string): InputError {
  return new InputError({
    code: 'INVALID_VALUE',
    path: '--replay',
    message: `${file} ${reason}: give a file that headroom monitor --record wrote`,
  })
}
