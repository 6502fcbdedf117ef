import { type ByteSource, corruptFile } from './byteSource'
import { InputError } from '../errors'
import { isRecord, scanJson } from './jsonHeader'
import { elementCountOf, type ModelFile, type StoredTensor, sumOver } from './modelFile'

/**
 * Header of a .safetensors file: eight bytes with the header's length, then JSON that gives each
 * tensor's type, shape and span. Spans must lie one after another without overlap or hole, as the
 * format's own reader demands: anything else hides data or counts it twice.
 */

/**
 * The format allows 100,000,000 bytes. The longest known, one file with every expert of a 671 B
 * model (92,000 tensors), would be 12 MB; reading 25 MB takes 0.7 s, and more only serves to hang.
 */
export const maxSafetensorsHeaderBytes = 25_000_000
/** Header, tensor, shape: no value lies deeper. */
const maxHeaderDepth = 3
/** NumPy's limit; PyTorch's is 64, and no weight has more than six dimensions. */
const maxRank = 64

/** Bits of one element; sub-byte types are packed. */
const bitsPerElement: ReadonlyMap<string, number> = new Map(
  Object.entries({
    BOOL: 8,
    F4: 4,
    F6_E2M3: 6,
    F6_E3M2: 6,
    U8: 8,
    I8: 8,
    F8_E4M3: 8,
    F8_E5M2: 8,
    F8_E8M0: 8,
    F8_E4M3FNUZ: 8,
    F8_E5M2FNUZ: 8,
    I16: 16,
    U16: 16,
    F16: 16,
    BF16: 16,
    I32: 32,
    U32: 32,
    F32: 32,
    C64: 64,
    F64: 64,
    I64: 64,
    U64: 64,
  }),
)

/**
 * Tensors and metadata of one .safetensors file, from its header alone.
 * Throws InputError that names the file and the tensor.
 */
export async function readSafetensors(source: ByteSource): Promise<ModelFile> {
  const headerLength = await readHeaderLength(source)
  const bytes = await source.read(8, headerLength)
  const { nameCount, fieldCount, members } = parseHeader(source, bytes)
  const dataLength = source.sizeBytes - 8 - headerLength
  const spans: Span[] = []
  let metadata: Readonly<Record<string, string>> | null = null
  for (const some of members) {
    for (const name of Object.keys(some)) {
      if (name === '__metadata__') metadata = parseMetadata(source, some[name])
      else spans.push(parseSpan(source, name, some[name]))
    }
  }
  const names = new Set(spans.map(({ tensor }) => tensor.name))
  const fields = spans.length * tensorFields.size + Object.keys(metadata ?? {}).length
  if (names.size + (metadata ? 1 : 0) !== nameCount || fields !== fieldCount) {
    throw corruptFile(source, 'header', 'has the same name twice; the file is damaged')
  }
  checkSpans(source, spans, dataLength)
  const tensors = spans.map(({ tensor }) => tensor)
  return {
    format: 'safetensors',
    tensors,
    parameterCount: tensors.some(isPacked) ? null : sumOver(tensors, 'elementCount'),
    tensorBytes: dataLength,
    fileBytes: source.sizeBytes,
    metadata: metadata ?? {},
  }
}

/** GPTQ and AWQ keep several weights in one I32, bitsandbytes and MXFP4 two in one U8. */
function isPacked({ name, type }: StoredTensor): boolean {
  return type === 'U8' || ((type === 'I32' || type === 'U32') && name.endsWith('.qweight'))
}

async function readHeaderLength(source: ByteSource): Promise<number> {
  if (source.sizeBytes < 8) {
    throw corruptFile(
      source,
      'header length',
      `needs 8 bytes, the file has ${source.sizeBytes}; it is not a safetensors file`,
    )
  }
  const bytes = await source.read(0, 8)
  const length = new DataView(bytes.buffer, bytes.byteOffset, 8).getBigUint64(0, true)
  if (length > BigInt(source.sizeBytes - 8)) {
    throw corruptFile(
      source,
      'header length',
      `says ${length} bytes, the file has ${source.sizeBytes - 8} after it; it is truncated or no safetensors file`,
    )
  }
  if (length > BigInt(maxSafetensorsHeaderBytes)) {
    throw new InputError({
      code: 'FILE_TOO_LARGE',
      file: source.name,
      path: 'header length',
      message: `says ${length} bytes, more than the ${maxSafetensorsHeaderBytes} that are read; give the model's config.json instead`,
    })
  }
  return Number(length)
}

interface Header {
  /** Names and fields as they are written: of two equal ones JSON keeps one. */
  readonly nameCount: number
  readonly fieldCount: number
  /** Tensors and metadata by name, some at a time. */
  readonly members: Iterable<Readonly<Record<string, unknown>>>
}

function parseHeader(source: ByteSource, bytes: Uint8Array): Header {
  const refuse = (message: string): InputError => corruptFile(source, 'header', message)
  if (bytes[0] !== 0x7b) throw refuse('does not start with {; it is not a safetensors file')
  const { depth, keysAtDepth, commas } = scanJson(bytes, maxHeaderDepth)
  if (depth > maxHeaderDepth) {
    throw refuse(`is nested deeper than ${maxHeaderDepth} levels; it is damaged`)
  }
  const [, nameCount = 0, fieldCount = 0] = keysAtDepth
  const broken = refuse('is not JSON in UTF-8; the file is damaged')
  // Cut into pieces, a comma before the closing brace would go unseen.
  if (commas.length > 0 && commas.length !== nameCount - 1) throw broken
  return { nameCount, fieldCount, members: parseMembers(bytes, commas, broken) }
}

/** One object of 300,000 names takes V8 twice as long as 600 objects of 500. */
const membersAtOnce = 500

/** The members of an object between its `commas`, in objects of a few. */
function* parseMembers(
  bytes: Uint8Array,
  commas: readonly number[],
  broken: InputError,
): Generator<Readonly<Record<string, unknown>>> {
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
  for (let first = 0; first <= commas.length; first += membersAtOnce) {
    const begin = first === 0 ? 1 : commas[first - 1]! + 1
    const end = commas[first + membersAtOnce - 1]
    let members: unknown
    try {
      const text = decoder.decode(bytes.subarray(begin, end))
      members = JSON.parse(end === undefined ? `{${text}` : `{${text}}`)
    } catch {
      throw broken
    }
    yield members as Readonly<Record<string, unknown>>
  }
}

function parseMetadata(source: ByteSource, entry: unknown): Readonly<Record<string, string>> {
  if (!isRecord(entry)) throw corruptFile(source, '__metadata__', 'is not an object of strings')
  const metadata = Object.create(null) as Record<string, string>
  for (const [key, value] of Object.entries(entry)) {
    if (typeof value !== 'string') {
      throw corruptFile(source, `__metadata__.${key}`, 'is not a string')
    }
    metadata[key] = value
  }
  return metadata
}

interface Span {
  readonly tensor: StoredTensor
  readonly begin: number
  readonly end: number
}

/** Each must be there, and no other may be. */
const tensorFields: ReadonlySet<string> = new Set(['dtype', 'shape', 'data_offsets'])

function parseSpan(source: ByteSource, name: string, entry: unknown): Span {
  const refuse = (field: string, message: string): InputError =>
    corruptFile(source, `${shorten(name)}.${field}`, message)
  if (!isRecord(entry)) throw corruptFile(source, shorten(name), 'is not a description of a tensor')
  const { dtype, shape, data_offsets: offsets } = entry
  const unknown = Object.keys(entry).find((field) => !tensorFields.has(field))
  if (unknown !== undefined) throw refuse(shorten(unknown), 'is not a field of a tensor')
  const bits = typeof dtype === 'string' ? bitsPerElement.get(dtype) : undefined
  if (typeof dtype !== 'string' || bits === undefined) {
    throw refuse('dtype', `${shorten(String(dtype))} is not a known type`)
  }
  if (!isCounts(shape) || shape.length > maxRank) {
    throw refuse('shape', `is not a list of at most ${maxRank} whole numbers`)
  }
  if (!isCounts(offsets) || offsets.length !== 2) {
    throw refuse('data_offsets', 'is not a pair of whole numbers')
  }
  const [begin = 0, end = 0] = offsets
  const elementCount = elementCountOf(shape)
  if (elementCount === null)
    throw refuse('shape', 'multiplies to more elements than any file holds')
  if (begin > end || (elementCount * bits) / 8 !== end - begin) {
    throw refuse(
      'data_offsets',
      `span ${end - begin} bytes, but ${dtype} [${shape.join(', ')}] takes ${(elementCount * bits) / 8}`,
    )
  }
  const tensor = { name, type: dtype, shape, elementCount, bytes: end - begin }
  return { tensor, begin, end }
}

function checkSpans(source: ByteSource, spans: Span[], dataLength: number): void {
  spans.sort((a, b) => a.begin - b.begin || a.end - b.end)
  let expected = 0
  for (const { tensor, begin, end } of spans) {
    if (begin !== expected) {
      throw corruptFile(
        source,
        `${shorten(tensor.name)}.data_offsets`,
        `start at ${begin} where the tensor before ends at ${expected}; tensors overlap or leave a hole`,
      )
    }
    expected = end
  }
  if (expected !== dataLength) {
    throw corruptFile(
      source,
      'header',
      `describes ${expected} bytes of tensors, the file has ${dataLength}; it is truncated or damaged`,
    )
  }
}

function isCounts(value: unknown): value is number[] {
  return (
    Array.isArray(value) && value.every((item) => Number.isSafeInteger(item) && Number(item) >= 0)
  )
}

/** A name from the file, short enough for one line. */
function shorten(text: string): string {
  return text.length > 80 ? `${text.slice(0, 79)}…` : text
}
