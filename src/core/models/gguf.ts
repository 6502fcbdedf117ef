import { type ByteSource, corruptFile } from './byteSource'
import { InputError } from '../errors'
import { ggmlTypes } from './ggmlTypes'
import {
  type GgufValue,
  maxGgufHeaderBytes,
  maxMetadataCount,
  readGgufMetadata,
  readString,
} from './ggufMetadata'
import { elementCountOf, type ModelFile, type StoredTensor, sumOver } from './modelFile'
import { WindowedReader } from './windowedReader'

/**
 * Header of a GGUF file (llama.cpp): magic, version, counts, metadata, then one entry per tensor.
 * Offsets of tensors must follow one another, padded to the alignment, as ggml itself demands.
 */

export interface GgufFile extends ModelFile {
  readonly format: 'gguf'
  readonly values: ReadonlyMap<string, GgufValue>
}

/** "GGUF" read as a little-endian u32. */
const magic = 0x46554747
/** 3 differs from 2 only in allowing big-endian files; 1 had 32-bit lengths and was used for weeks. */
const supportedVersions: readonly number[] = [2, 3]
/** An unstacked mixture of experts of 671 B has 92,000; real files stack them into 1,100. */
const maxTensorCount = 262_144
/** Name length (8), name (1), dimension count (4), one dimension (8), type (4), offset (8). */
const leastTensorBytes = 33
/** Key length (8), key (1), type (4), value (1). */
const leastMetadataBytes = 14
/** ggml keeps names in 64 bytes; forks have doubled that. */
const maxTensorNameBytes = 128
/** GGML_MAX_DIMS. */
const maxDimensionCount = 4
const defaultAlignment = 32
/** Page size of any machine; larger padding hides data. */
const maxAlignment = 65_536

/**
 * Metadata and tensors of one GGUF file, from its header alone.
 * Throws InputError that names the file, the key or tensor and the byte offset.
 */
export async function readGguf(source: ByteSource): Promise<GgufFile> {
  const reader = new WindowedReader(source)
  const { tensorCount, metadataCount } = await readCounts(reader)
  const values = await readGgufMetadata(reader, metadataCount)
  const alignment = alignmentOf(source, values)
  const entries = await readTensorEntries(reader, tensorCount)
  const dataStart = Math.ceil(reader.position / alignment) * alignment
  const dataBytes = checkOffsets(source, entries, alignment)
  if (dataStart + dataBytes > source.sizeBytes) {
    throw corruptFile(
      source,
      'tensor data',
      `should end at byte ${dataStart + dataBytes}, the file has ${source.sizeBytes}; the download is incomplete`,
    )
  }
  const tensors = entries.map(({ tensor }) => tensor)
  return {
    format: 'gguf',
    tensors,
    parameterCount: sumOver(tensors, 'elementCount'),
    tensorBytes: sumOver(tensors, 'bytes'),
    fileBytes: source.sizeBytes,
    metadata: describe(values),
    values,
  }
}

async function readCounts(
  reader: WindowedReader,
): Promise<{ tensorCount: number; metadataCount: number }> {
  const { source } = reader
  await reader.require(24, 'header')
  if (reader.uint32() !== magic) {
    throw corruptFile(source, 'magic', 'is not GGUF at offset 0; this is no GGUF file')
  }
  const version = reader.uint32()
  if (!supportedVersions.includes(version)) {
    // A version in the upper bytes is a small number written by a big-endian machine.
    const isBigEndian = version > 0xffff
    throw new InputError({
      code: 'UNSUPPORTED',
      file: source.name,
      path: 'version',
      message: isBigEndian
        ? 'is big-endian; convert the file to little-endian'
        : `${version} is not one of ${supportedVersions.join(', ')}; convert the file again`,
    })
  }
  const tensorCount = reader.uint64()
  const metadataCount = reader.uint64()
  const check = (field: string, count: bigint, most: number, leastBytes: number): number => {
    if (count > BigInt(most) || count * BigInt(leastBytes) > BigInt(reader.bytesLeft)) {
      throw corruptFile(source, field, `${count} is more than the file can hold; it is damaged`)
    }
    return Number(count)
  }
  return {
    tensorCount: check('tensor count', tensorCount, maxTensorCount, leastTensorBytes),
    metadataCount: check('metadata count', metadataCount, maxMetadataCount, leastMetadataBytes),
  }
}

function alignmentOf(source: ByteSource, values: ReadonlyMap<string, GgufValue>): number {
  const alignment = values.get('general.alignment') ?? defaultAlignment
  const isPowerOfTwo =
    typeof alignment === 'number' && alignment > 0 && (alignment & (alignment - 1)) === 0
  if (!isPowerOfTwo || alignment > maxAlignment) {
    throw corruptFile(
      source,
      'general.alignment',
      `is not a power of two from 1 to ${maxAlignment}`,
    )
  }
  return alignment
}

interface TensorEntry {
  readonly tensor: StoredTensor
  readonly offset: bigint
}

async function readTensorEntries(reader: WindowedReader, count: number): Promise<TensorEntry[]> {
  const entries: TensorEntry[] = []
  const names = new Set<string>()
  for (let index = 0; index < count; index += 1) {
    const name = await readString(reader, `tensor ${index} name`, maxTensorNameBytes)
    if (names.has(name)) throw corruptFile(reader.source, name, 'is there twice')
    names.add(name)
    entries.push(await readTensorEntry(reader, name))
    if (reader.position > maxGgufHeaderBytes) {
      throw corruptFile(
        reader.source,
        name,
        `lies beyond the ${maxGgufHeaderBytes} bytes of a header`,
      )
    }
  }
  return entries
}

async function readTensorEntry(reader: WindowedReader, name: string): Promise<TensorEntry> {
  const refuse = (message: string): InputError =>
    corruptFile(reader.source, name === '' ? 'tensor without a name' : name, message)
  if (name === '') throw refuse('cannot be told apart')
  await reader.require(4, name)
  const dimensionCount = reader.uint32()
  if (dimensionCount < 1 || dimensionCount > maxDimensionCount) {
    throw refuse(
      `has ${dimensionCount} dimensions, not 1 to ${maxDimensionCount}, at offset ${reader.position - 4}`,
    )
  }
  await reader.require(dimensionCount * 8 + 12, name)
  // ggml writes the fastest-changing dimension first.
  const rowFirst = Array.from({ length: dimensionCount }, () => Number(reader.uint64()))
  const typeId = reader.uint32()
  const offset = reader.uint64()
  const type = ggmlTypes.get(typeId)
  if (!type) throw refuse(`has the unknown type ${typeId} at offset ${reader.position - 12}`)
  const elementCount = elementCountOf(rowFirst)
  if (elementCount === null) throw refuse('has more elements than any file holds')
  const [rowLength = 0] = rowFirst
  if (rowLength % type.blockSize !== 0) {
    throw refuse(
      `has rows of ${rowLength}, not a multiple of the ${type.blockSize} that ${type.name} packs together`,
    )
  }
  const bytes = (elementCount / type.blockSize) * type.blockBytes
  const shape = rowFirst.toReversed()
  return { tensor: { name, type: type.name, shape, elementCount, bytes }, offset }
}

/** Bytes from the first tensor to the end of the last. */
function checkOffsets(
  source: ByteSource,
  entries: readonly TensorEntry[],
  alignment: number,
): number {
  let expected = 0
  let end = 0
  for (const { tensor, offset } of entries) {
    if (offset !== BigInt(expected)) {
      throw corruptFile(
        source,
        tensor.name,
        `starts at ${offset} in the data, not at ${expected} where the tensor before ends`,
      )
    }
    end = expected + tensor.bytes
    expected = Math.ceil(end / alignment) * alignment
    if (!Number.isSafeInteger(expected)) {
      throw corruptFile(source, tensor.name, 'ends beyond any file')
    }
  }
  return end
}

function describe(values: ReadonlyMap<string, GgufValue>): Readonly<Record<string, string>> {
  const metadata = Object.create(null) as Record<string, string>
  for (const [key, value] of values) {
    if (typeof value !== 'object') metadata[key] = String(value)
  }
  return metadata
}
