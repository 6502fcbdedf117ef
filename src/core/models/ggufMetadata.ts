import { corruptFile } from './byteSource'
import type { WindowedReader } from './windowedReader'

/**
 * Key-value section of a GGUF file. Long arrays (a tokenizer's 128,000 strings) are passed over, not
 * decoded: that is what makes a 70 B model's header take milliseconds.
 */

export interface GgufArray {
  readonly elementType: GgufValueType
  readonly length: number
  /** Null where the array is long or nested and was passed over. */
  readonly values: readonly GgufScalar[] | null
}
export type GgufScalar = number | bigint | boolean | string
export type GgufValue = GgufScalar | GgufArray

const valueTypes = [
  'uint8',
  'int8',
  'uint16',
  'int16',
  'uint32',
  'int32',
  'float32',
  'bool',
  'string',
  'array',
  'uint64',
  'int64',
  'float64',
] as const
/** In the order of their numbers in the file. */
export type GgufValueType = (typeof valueTypes)[number]

/** Bytes of one stored value; of strings and arrays the least they can take. */
const leastBytes: Readonly<Record<GgufValueType, number>> = {
  uint8: 1,
  int8: 1,
  uint16: 2,
  int16: 2,
  uint32: 4,
  int32: 4,
  float32: 4,
  bool: 1,
  string: 8,
  array: 12,
  uint64: 8,
  int64: 8,
  float64: 8,
}

/** Files carry 20–60 keys; a hundred times as many is not a model. */
export const maxMetadataCount = 65_536
/** ggml's own limit on a key. */
const maxKeyBytes = 65_535
/** Strings up to here are kept (the longest chat templates have 20 kB); longer ones are passed over. */
const maxKeptStringBytes = 64 * 1024
/** Arrays up to here are kept: per-layer settings have one entry a layer, tokenizers 30,000 and more. */
const maxKeptArrayLength = 1024
/** ggml writes no array of arrays; four levels are granted to whoever does. */
const maxArrayDepth = 4
/**
 * Metadata and tensor list together: the largest tokenizers take 25 MB. Strings can only be passed
 * over one by one, so this also bounds the time that a sparse file can make us spend.
 */
export const maxGgufHeaderBytes = 128 * 1024 * 1024

/** All pairs, in the order of the file. Throws InputError that names the key. */
export async function readGgufMetadata(
  reader: WindowedReader,
  count: number,
): Promise<Map<string, GgufValue>> {
  const metadata = new Map<string, GgufValue>()
  for (let index = 0; index < count; index += 1) {
    const key = await readString(reader, `key ${index}`, maxKeyBytes)
    if (key.length === 0) throw corruptFile(reader.source, `key ${index}`, 'is empty')
    if (metadata.has(key)) throw corruptFile(reader.source, key, 'is there twice')
    const type = await readValueType(reader, key)
    metadata.set(key, await readValue(reader, key, type))
  }
  return metadata
}

/** A string of at most `maxBytes`; throws InputError where it is longer than that or than the file. */
export async function readString(
  reader: WindowedReader,
  field: string,
  maxBytes: number,
): Promise<string> {
  const length = await readLength(reader, field, 1)
  if (length > maxBytes) {
    throw corruptFile(
      reader.source,
      field,
      `has ${length} bytes, more than the ${maxBytes} allowed`,
    )
  }
  await reader.require(length, field)
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(reader.bytes(length))
  } catch {
    throw corruptFile(reader.source, field, `is not UTF-8 at offset ${reader.position - length}`)
  }
}

/**
 * A u64 that counts items of at least `itemBytes` each: it is checked against the bytes that are
 * left before anything is allocated for it.
 */
export async function readLength(
  reader: WindowedReader,
  field: string,
  itemBytes: number,
): Promise<number> {
  await reader.require(8, field)
  const length = reader.uint64()
  const bytesLeft = Math.min(reader.bytesLeft, maxGgufHeaderBytes - reader.position)
  if (length * BigInt(itemBytes) > BigInt(Math.max(0, bytesLeft))) {
    throw corruptFile(
      reader.source,
      field,
      `claims ${length} items of ${itemBytes} bytes at offset ${reader.position - 8}, more than the file's header can hold`,
    )
  }
  return Number(length)
}

async function readValueType(reader: WindowedReader, field: string): Promise<GgufValueType> {
  await reader.require(4, field)
  const id = reader.uint32()
  const type = valueTypes[id]
  if (type === undefined) {
    throw corruptFile(
      reader.source,
      field,
      `has the unknown type ${id} at offset ${reader.position - 4}`,
    )
  }
  return type
}

async function readValue(
  reader: WindowedReader,
  key: string,
  type: GgufValueType,
): Promise<GgufValue> {
  if (type === 'array') return readArray(reader, key)
  if (type !== 'string') return readScalar(reader, key, type)
  const length = await readLength(reader, key, 1)
  if (length > maxKeptStringBytes) {
    reader.skip(length, key)
    return { elementType: 'string', length, values: null }
  }
  await reader.require(length, key)
  // Values are only shown, so a wrong byte in a licence text costs nothing.
  return new TextDecoder().decode(reader.bytes(length))
}

async function readScalar(
  reader: WindowedReader,
  key: string,
  type: Exclude<GgufValueType, 'array' | 'string'>,
): Promise<GgufScalar> {
  await reader.require(leastBytes[type], key)
  if (type !== 'bool') return reader[type]()
  const byte = reader.uint8()
  if (byte > 1) throw corruptFile(reader.source, key, `is neither true nor false but ${byte}`)
  return byte === 1
}

async function readArray(reader: WindowedReader, key: string): Promise<GgufArray> {
  const elementType = await readValueType(reader, key)
  const length = await readLength(reader, key, leastBytes[elementType])
  const isKept = length <= maxKeptArrayLength && elementType !== 'array'
  if (!isKept) {
    await skipArray(reader, key, elementType, length)
    return { elementType, length, values: null }
  }
  const values: GgufScalar[] = []
  for (let index = 0; index < length; index += 1) {
    values.push(
      elementType === 'string'
        ? await readString(reader, `${key}[${index}]`, maxKeptStringBytes)
        : await readScalar(reader, key, elementType),
    )
  }
  return { elementType, length, values }
}

/** Iterative, because the nesting is the file's choice. */
async function skipArray(
  reader: WindowedReader,
  key: string,
  elementType: GgufValueType,
  length: number,
): Promise<void> {
  const pending = [{ elementType, left: length }]
  for (let top = pending.at(-1); top !== undefined; top = pending.at(-1)) {
    if (top.elementType === 'array' && top.left > 0) {
      top.left -= 1
      if (pending.length >= maxArrayDepth) {
        throw corruptFile(
          reader.source,
          key,
          `is an array nested deeper than ${maxArrayDepth} levels`,
        )
      }
      const inner = await readValueType(reader, key)
      pending.push({ elementType: inner, left: await readLength(reader, key, leastBytes[inner]) })
      continue
    }
    if (top.elementType === 'string') await skipStrings(reader, key, top.left)
    else reader.skip(top.left * leastBytes[top.elementType], key)
    pending.pop()
  }
}

async function skipStrings(reader: WindowedReader, key: string, count: number): Promise<void> {
  for (let index = 0; index < count; index += 1) {
    // Awaiting each of 400,000 strings would take longer than reading them.
    if (reader.available < 8) await reader.require(8, key)
    const low = reader.uint32()
    const high = reader.uint32()
    const length = high * 2 ** 32 + low
    if (length > maxGgufHeaderBytes) {
      throw corruptFile(
        reader.source,
        key,
        `has a string of ${length} bytes at offset ${reader.position - 8}`,
      )
    }
    reader.skip(length, key)
  }
}
