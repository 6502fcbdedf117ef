import { createByteReader, createByteWriter } from './byteStream'
import { type FastFigures, noFastFigures } from './figures'
import { readColumn, writeColumn } from './numberColumn'

/** One moment of one GPU; null is a moment at which it did not answer. */
export interface RecordedTick {
  /** ms since 1970. */
  readonly tMs: number
  readonly figures: FastFigures | null
}

export type FigureName = keyof FastFigures

/** Order of the columns: new figures go to the end, so that older recordings stay readable. */
const names = Object.keys(noFastFigures) as FigureName[]
/** The times, and at which of them it answered, stand before the figures. */
const columnsBefore = 2
/** More ticks than any chunk holds: a damaged count must not ask for memory. */
const mostTicks = 1_000_000

/**
 * Ticks of one GPU, column by column, each to be compressed by itself: a reader that wants one figure
 * then unpacks no other. Read back equal.
 */
export function encodeTicks(ticks: readonly RecordedTick[]): Uint8Array<ArrayBuffer>[] {
  const column = (read: (tick: RecordedTick) => number | null) => {
    const writer = createByteWriter()
    writeColumn(writer, ticks.map(read))
    return writer.bytes()
  }
  return [
    column(({ tMs }) => tMs),
    column(({ figures }) => (figures === null ? null : 1)),
    ...names.map((name) => column(({ figures }) => figures?.[name] ?? null)),
  ]
}

/** The columns of one chunk, unpacked when they are asked for. */
export interface PackedTicks {
  readonly count: number
  readonly columnCount: number
  readonly column: (place: number) => Uint8Array
}

/** @throws RangeError where these are no such ticks */
export function decodeTicks(packed: PackedTicks): RecordedTick[] {
  const times = readTimes(packed)
  const answered = readPlace(packed, 1)
  const columns = names.map((name) => readFigure(packed, name))
  return times.map((tMs, i): RecordedTick => {
    if (answered[i] === null) return { tMs, figures: null }
    const figures = { ...noFastFigures }
    names.forEach((name, column) => {
      figures[name] = columns[column]![i]!
    })
    return { tMs, figures }
  })
}

/** One figure over time, without building the others: what a chart draws. @throws RangeError */
export function decodeFigure(
  packed: PackedTicks,
  name: FigureName,
): { readonly times: readonly number[]; readonly values: readonly (number | null)[] } {
  return { times: readTimes(packed), values: readFigure(packed, name) }
}

function readPlace({ count, column }: PackedTicks, place: number): (number | null)[] {
  if (count > mostTicks) throw new RangeError('the recording holds more than is possible')
  return readColumn(createByteReader(column(place)), count)
}

function readTimes(packed: PackedTicks): number[] {
  return readPlace(packed, 0).map((tMs) => {
    if (tMs === null) throw new RangeError('the recording holds a moment without a time')
    return tMs
  })
}

function readFigure(packed: PackedTicks, name: FigureName): readonly (number | null)[] {
  const place = columnsBefore + names.indexOf(name)
  // A recording of before this figure was known.
  if (place >= packed.columnCount) return Array.from({ length: packed.count }, () => null)
  return readPlace(packed, place)
}
