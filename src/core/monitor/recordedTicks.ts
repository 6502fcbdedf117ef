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
const mostColumns = 1000

/** Ticks of one GPU, column by column, so that they compress well. Read back equal. */
export function encodeTicks(ticks: readonly RecordedTick[]): Uint8Array<ArrayBuffer> {
  const writer = createByteWriter()
  const add = (read: (tick: RecordedTick) => number | null) => {
    const column = createByteWriter()
    writeColumn(column, ticks.map(read))
    writer.section(column.bytes())
  }
  writer.varint(ticks.length)
  writer.varint(columnsBefore + names.length)
  add(({ tMs }) => tMs)
  add(({ figures }) => (figures === null ? null : 1))
  for (const name of names) add(({ figures }) => figures?.[name] ?? null)
  return writer.bytes()
}

interface Columns {
  readonly count: number
  readonly times: readonly number[]
  readonly answered: readonly (number | null)[]
  readonly figure: (name: FigureName) => readonly (number | null)[]
}

/** The columns of ticks, each read when it is asked for. @throws RangeError where these are no such */
function openColumns(bytes: Uint8Array): Columns {
  const reader = createByteReader(bytes)
  const count = reader.varint()
  const columnCount = reader.varint()
  if (count > mostTicks || columnCount < columnsBefore || columnCount > mostColumns)
    throw new RangeError('the recording holds more or less than is possible')
  const sections = Array.from({ length: columnCount }, () => reader.section())
  const read = (place: number) => readColumn(createByteReader(sections[place]!), count)
  const times = read(0).map((tMs) => {
    if (tMs === null) throw new RangeError('the recording holds a moment without a time')
    return tMs
  })
  return {
    count,
    times,
    answered: read(1),
    figure: (name) => {
      const place = columnsBefore + names.indexOf(name)
      return place < columnCount ? read(place) : times.map(() => null)
    },
  }
}

/** @throws RangeError where these are no such ticks */
export function decodeTicks(bytes: Uint8Array): RecordedTick[] {
  const { times, answered, figure } = openColumns(bytes)
  const columns = names.map(figure)
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
  bytes: Uint8Array,
  name: FigureName,
): { readonly times: readonly number[]; readonly values: readonly (number | null)[] } {
  const { times, figure } = openColumns(bytes)
  return { times, values: figure(name) }
}
