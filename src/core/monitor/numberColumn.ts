import type { ByteReader, ByteWriter } from './byteStream'

// One figure over time takes few bytes where it is written as what changed: most figures of a GPU are
// whole numbers in the driver's own unit (bytes, milliwatts, megahertz) that move a little, or not.

const kinds = { allNull: 0, whole: 1, raw: 2 } as const

/** A figure times one of these is mostly a whole number: watts are milliwatts to the driver. */
const scales = [1, 10, 100, 1000] as const

/** Changes beyond it are not exact in a double. */
const largestChange = 2 ** 51

/** Writes any numbers so that they are read back equal, bit for bit. */
export function writeColumn(writer: ByteWriter, values: readonly (number | null)[]): void {
  const known = values.filter((value) => value !== null)
  if (known.length === 0) {
    writer.byte(kinds.allNull)
    return
  }
  const scale = scales.findIndex((candidate) => areWhole(known, candidate))
  writer.byte(scale < 0 ? kinds.raw : kinds.whole)
  writeGaps(writer, values)
  if (scale < 0) {
    for (const value of known) writer.float64(value)
    return
  }
  writer.byte(scale)
  let before = 0
  for (const value of known) {
    const whole = Math.round(value * scales[scale]!)
    const change = whole - before
    // Small changes of either sign become small numbers: 0, −1, 1, −2, 2 … as 0, 1, 2, 3, 4 …
    writer.varint(change >= 0 ? 2 * change : -2 * change - 1)
    before = whole
  }
}

/** @param count how many values were written */
export function readColumn(reader: ByteReader, count: number): (number | null)[] {
  const kind = reader.byte()
  if (kind === kinds.allNull) return Array.from({ length: count }, () => null)
  if (kind !== kinds.whole && kind !== kinds.raw)
    throw new RangeError('the recording holds a column of an unknown kind')
  const isKnown = readGaps(reader, count)
  if (kind === kinds.raw) return isKnown.map((known) => (known ? reader.float64() : null))
  const scale = scales[reader.byte()]
  if (scale === undefined) throw new RangeError('the recording holds a column of an unknown unit')
  let value = 0
  return isKnown.map((known) => {
    if (!known) return null
    const written = reader.varint()
    value += written % 2 === 0 ? written / 2 : -(written + 1) / 2
    return scale === 1 ? value : value / scale
  })
}

/** Whether every value comes back equal from whole numbers of 1/`scale`, and so do the changes. */
function areWhole(values: readonly number[], scale: number): boolean {
  let before = 0
  return values.every((value) => {
    const whole = Math.round(value * scale)
    // Changes add up to 0 where −0 was.
    const isExact =
      Object.is(whole / scale, value) &&
      !Object.is(value, -0) &&
      Math.abs(whole - before) < largestChange
    before = whole
    return isExact && Math.abs(whole) < largestChange
  })
}

/** Lengths of the stretches that are known and unknown, in turns, beginning with known. */
function writeGaps(writer: ByteWriter, values: readonly (number | null)[]): void {
  let isKnown = true
  let length = 0
  for (const value of values) {
    if ((value !== null) !== isKnown) {
      writer.varint(length)
      isKnown = !isKnown
      length = 0
    }
    length += 1
  }
  writer.varint(length)
}

function readGaps(reader: ByteReader, count: number): boolean[] {
  const isKnown: boolean[] = []
  let known = true
  while (isKnown.length < count) {
    const length = reader.varint()
    if (isKnown.length + length > count) throw new RangeError('the recording does not add up')
    for (let i = 0; i < length; i += 1) isKnown.push(known)
    known = !known
  }
  return isKnown
}
