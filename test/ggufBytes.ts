import { concatBytes, joinBytes, uint32Bytes, uint64Bytes } from './mutateBytes'

/** Writes GGUF headers for tests: any field can be given a value that no honest writer would. */

const utf8 = new TextEncoder()

export interface GgufSpec {
  readonly magic?: string
  readonly version?: number
  readonly tensorCount?: bigint
  readonly metadataCount?: bigint
  readonly metadata?: readonly Uint8Array[]
  readonly tensors?: readonly Uint8Array[]
  readonly alignment?: number
  readonly dataBytes?: number
}

export function ggufBytes(spec: GgufSpec): Uint8Array {
  const { metadata = [], tensors = [], alignment = 32, dataBytes = 0 } = spec
  const header = concatBytes(
    utf8.encode(spec.magic ?? 'GGUF'),
    uint32Bytes(spec.version ?? 3),
    uint64Bytes(spec.tensorCount ?? BigInt(tensors.length)),
    uint64Bytes(spec.metadataCount ?? BigInt(metadata.length)),
    joinBytes(metadata),
    joinBytes(tensors),
  )
  const padding = (alignment - (header.length % alignment)) % alignment
  return concatBytes(header, new Uint8Array(padding + dataBytes))
}

export function ggufString(text: string): Uint8Array {
  const bytes = utf8.encode(text)
  return concatBytes(uint64Bytes(BigInt(bytes.length)), bytes)
}

export function stringPair(key: string, value: string): Uint8Array {
  return concatBytes(ggufString(key), uint32Bytes(8), ggufString(value))
}

export function uint32Pair(key: string, value: number): Uint8Array {
  return concatBytes(ggufString(key), uint32Bytes(4), uint32Bytes(value))
}

export function rawPair(key: string, type: number, value: Uint8Array): Uint8Array {
  return concatBytes(ggufString(key), uint32Bytes(type), value)
}

/** Element type 8 is a string, 4 a u32, 9 an array. */
export function arrayPair(
  key: string,
  elementType: number,
  elements: readonly Uint8Array[],
): Uint8Array {
  const value = concatBytes(
    uint32Bytes(elementType),
    uint64Bytes(BigInt(elements.length)),
    joinBytes(elements),
  )
  return rawPair(key, 9, value)
}

/** `dimensions` as ggml writes them, fastest-changing first. */
export function ggufTensor(
  name: string,
  dimensions: readonly bigint[],
  type: number,
  offset: bigint,
): Uint8Array {
  return concatBytes(
    ggufString(name),
    uint32Bytes(dimensions.length),
    ...dimensions.map(uint64Bytes),
    uint32Bytes(type),
    uint64Bytes(offset),
  )
}
