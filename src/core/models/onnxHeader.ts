import { type ByteSource, corruptFile } from './byteSource'
import { InputError } from '../errors'
import { elementCountOf, type ModelFile, type StoredTensor, sumOver } from './modelFile'
import { ProtobufWalker } from './protobufWalker'
import { WindowedReader } from './windowedReader'

/**
 * Initializers of an ONNX file by walking its protobuf fields: names, types and dimensions are read,
 * raw data is passed over, so a 2 GB model costs as little as its field headers.
 */

export interface OnnxFile extends ModelFile {
  readonly format: 'onnx'
  /** Files beside the model that hold tensor data: relative paths, checked to stay inside. */
  readonly externalFiles: readonly ExternalFile[]
}

export interface ExternalFile {
  readonly location: string
  /** Bytes that the tensors claim of it, from its start to the end of the last. */
  readonly neededBytes: number
}

/** The largest exported graphs have some 100,000 initializers. */
const maxInitializerCount = 1_000_000
/** Longest names seen have 300 bytes. */
const maxNameBytes = 64 * 1024
/** ONNX Runtime's own limit is lower; a weight has at most six. */
const maxRank = 64

/** Field numbers of onnx.proto. */
const modelFields = { graph: 7, producerName: 2, irVersion: 1 } as const
const graphFields = { initializer: 5, sparseInitializer: 15 } as const
const tensorFields = {
  dims: 1,
  dataType: 2,
  name: 8,
  rawData: 9,
  externalData: 13,
  dataLocation: 14,
} as const
const externalLocation = 1

/** TensorProto.DataType: name and bits of one element (0: of no fixed size). */
const dataTypes: ReadonlyMap<number, readonly [name: string, bits: number]> = new Map([
  [1, ['FLOAT', 32]],
  [2, ['UINT8', 8]],
  [3, ['INT8', 8]],
  [4, ['UINT16', 16]],
  [5, ['INT16', 16]],
  [6, ['INT32', 32]],
  [7, ['INT64', 64]],
  [8, ['STRING', 0]],
  [9, ['BOOL', 8]],
  [10, ['FLOAT16', 16]],
  [11, ['DOUBLE', 64]],
  [12, ['UINT32', 32]],
  [13, ['UINT64', 64]],
  [14, ['COMPLEX64', 64]],
  [15, ['COMPLEX128', 128]],
  [16, ['BFLOAT16', 16]],
  [17, ['FLOAT8E4M3FN', 8]],
  [18, ['FLOAT8E4M3FNUZ', 8]],
  [19, ['FLOAT8E5M2', 8]],
  [20, ['FLOAT8E5M2FNUZ', 8]],
  [21, ['UINT4', 4]],
  [22, ['INT4', 4]],
  [23, ['FLOAT4E2M1', 4]],
  [24, ['FLOAT8E8M0', 8]],
  [25, ['UINT2', 2]],
  [26, ['INT2', 2]],
])

/**
 * Initializers of the main graph. Constants inside nodes and subgraphs are not counted.
 * Throws InputError that names the file, the initializer and the byte offset.
 */
export async function readOnnxHeader(source: ByteSource): Promise<OnnxFile> {
  const reader = new WindowedReader(source)
  const walker = new ProtobufWalker(reader)
  const tensors: StoredTensor[] = []
  const neededBytes = new Map<string, number>()
  const names = new Set<string>()
  const metadata = Object.create(null) as Record<string, string>
  let graphCount = 0

  const readInitializer = async (end: number): Promise<void> => {
    const { tensor, external } = await readTensor(walker, end)
    if (tensors.length >= maxInitializerCount) {
      throw corruptFile(source, 'graph.initializer', `has more than ${maxInitializerCount} entries`)
    }
    if (names.has(tensor.name)) {
      throw corruptFile(source, `initializer ${tensor.name}`, 'is there twice')
    }
    names.add(tensor.name)
    tensors.push(tensor)
    if (external) {
      const claimed = Math.max(neededBytes.get(external.location) ?? 0, external.neededBytes)
      neededBytes.set(external.location, claimed)
    }
  }

  await walker.each(source.sizeBytes, 'model', async (field) => {
    if (field.number === modelFields.producerName && field.type === 'bytes') {
      metadata['producer_name'] = await walker.text(field, 'producer_name', maxNameBytes)
    } else if (field.number === modelFields.irVersion && field.type === 'varint') {
      metadata['ir_version'] = String(field.value)
    } else if (field.number === modelFields.graph && field.type === 'bytes') {
      graphCount += 1
      await walker.each(field.end, 'graph', async (inner) => {
        if (inner.type !== 'bytes') return
        if (inner.number === graphFields.initializer) await readInitializer(inner.end)
        else if (inner.number === graphFields.sparseInitializer) {
          throw new InputError({
            code: 'UNSUPPORTED',
            file: source.name,
            path: 'graph.sparse_initializer',
            message: 'is not modelled; export the model with dense weights',
          })
        }
      })
    }
  })
  if (graphCount !== 1) {
    throw corruptFile(
      source,
      'graph',
      `is there ${graphCount} times, not once; this is no ONNX model`,
    )
  }
  return {
    format: 'onnx',
    tensors,
    parameterCount: sumOver(tensors, 'elementCount'),
    tensorBytes: sumOver(tensors, 'bytes'),
    fileBytes: source.sizeBytes,
    metadata,
    externalFiles: [...neededBytes].map(([location, bytes]) => ({ location, neededBytes: bytes })),
  }
}

interface Initializer {
  readonly tensor: StoredTensor
  readonly external: ExternalFile | null
}

interface TensorDraft {
  name: string
  typeId: number
  /** Length of raw_data; null where the data is typed or elsewhere. */
  rawBytes: number | null
  isExternal: boolean
}

async function readTensor(walker: ProtobufWalker, end: number): Promise<Initializer> {
  const { source } = walker
  const shape: number[] = []
  const entries = new Map<string, string>()
  const draft: TensorDraft = { name: '', typeId: 0, rawBytes: null, isExternal: false }
  const addDimension = (value: bigint): void => {
    const dimension = Number(BigInt.asIntN(64, value))
    if (!Number.isSafeInteger(dimension) || dimension < 0 || shape.length >= maxRank) {
      throw corruptFile(
        source,
        `initializer ${draft.name}`,
        `has the dimension ${dimension} or more than ${maxRank} of them`,
      )
    }
    shape.push(dimension)
  }
  await walker.each(end, 'initializer', async (field) => {
    switch (field.number) {
      case tensorFields.dims:
        if (field.type === 'varint') addDimension(field.value)
        else if (field.type === 'bytes') await walker.packedVarints(field, 'dims', addDimension)
        break
      case tensorFields.dataType:
        if (field.type === 'varint') draft.typeId = Number(field.value)
        break
      case tensorFields.name:
        if (field.type === 'bytes')
          draft.name = await walker.text(field, 'initializer name', maxNameBytes)
        break
      case tensorFields.rawData:
        if (field.type === 'bytes') draft.rawBytes = field.length
        break
      case tensorFields.externalData:
        if (field.type === 'bytes') await readEntry(walker, field.end, entries)
        break
      case tensorFields.dataLocation:
        if (field.type === 'varint') draft.isExternal = Number(field.value) === externalLocation
        break
      default:
    }
  })
  const { name, typeId, rawBytes, isExternal } = draft
  const path = `initializer ${name.slice(0, 80)}`
  const type = dataTypes.get(typeId)
  if (!type) throw corruptFile(source, path, `has the unknown type ${typeId}`)
  const [typeName, bits] = type
  const elementCount = elementCountOf(shape)
  if (elementCount === null)
    throw corruptFile(source, path, 'has more elements than any file holds')
  const bytes = Math.ceil((elementCount * bits) / 8)
  if (rawBytes !== null && bits > 0 && rawBytes !== bytes) {
    throw corruptFile(
      source,
      path,
      `stores ${rawBytes} bytes, but ${typeName} [${shape.join(', ')}] takes ${bytes}`,
    )
  }
  const isInline = !isExternal
  if (isInline && rawBytes === null && bytes / 16 > end) {
    // Typed fields take at least a byte for the 16 that the largest element has.
    throw corruptFile(source, path, `claims ${bytes} bytes, more than the file holds`)
  }
  const tensor = { name, type: typeName, shape, elementCount, bytes }
  return { tensor, external: isExternal ? externalFile(source, path, entries, bytes) : null }
}

/** StringStringEntryProto. */
async function readEntry(
  walker: ProtobufWalker,
  end: number,
  entries: Map<string, string>,
): Promise<void> {
  let key = ''
  let value = ''
  await walker.each(end, 'external_data', async (field) => {
    if (field.type !== 'bytes') return
    if (field.number === 1) key = await walker.text(field, 'external_data key', maxNameBytes)
    if (field.number === 2) value = await walker.text(field, 'external_data value', maxNameBytes)
  })
  entries.set(key, value)
}

/** Keys that onnx defines; others have been used to smuggle attributes into loaders. */
const externalKeys: readonly string[] = ['location', 'offset', 'length', 'checksum', 'basepath']

function externalFile(
  source: ByteSource,
  path: string,
  entries: ReadonlyMap<string, string>,
  bytes: number,
): ExternalFile {
  const refuse = (key: string, message: string): InputError =>
    corruptFile(source, `${path} external_data.${key.slice(0, 40)}`, message)
  for (const key of entries.keys()) {
    if (!externalKeys.includes(key)) throw refuse(key, 'is not a key of external data')
  }
  const location = entries.get('location') ?? ''
  const segments = location.split('/')
  const isInside =
    !/[\\\0:]/.test(location) && segments.every((segment) => !['', '.', '..'].includes(segment))
  if (!isInside)
    throw refuse('location', `${JSON.stringify(location.slice(0, 80))} leaves the model's folder`)
  const offset = wholeNumber(entries.get('offset') ?? '0')
  const length = wholeNumber(entries.get('length') ?? String(bytes))
  if (offset === null) throw refuse('offset', 'is not a whole number')
  if (length === null) throw refuse('length', 'is not a whole number')
  if (length !== bytes) throw refuse('length', `is ${length}, but the tensor takes ${bytes} bytes`)
  return { location, neededBytes: offset + length }
}

function wholeNumber(text: string): number | null {
  const value = /^\d{1,16}$/.test(text) ? Number(text) : Number.NaN
  return Number.isSafeInteger(value) ? value : null
}
