import { concatBytes } from './mutateBytes'

/** Writes protobuf fields for tests of ONNX headers, honest or not. */

const utf8 = new TextEncoder()

export function varint(value: bigint): Uint8Array {
  const bytes: number[] = []
  let left = BigInt.asUintN(64, value)
  do {
    bytes.push(Number(left & 0x7fn) | (left > 0x7fn ? 0x80 : 0))
    left >>= 7n
  } while (left > 0n)
  return Uint8Array.from(bytes)
}

export function varintField(number: number, value: bigint): Uint8Array {
  return concatBytes(varint(BigInt(number * 8)), varint(value))
}

export function bytesField(number: number, bytes: Uint8Array | string): Uint8Array {
  const content = typeof bytes === 'string' ? utf8.encode(bytes) : bytes
  return concatBytes(varint(BigInt(number * 8 + 2)), varint(BigInt(content.length)), content)
}

export interface TensorSpec {
  readonly name: string
  readonly dims: readonly bigint[]
  readonly dataType: number
  readonly rawBytes?: number
  readonly packedDims?: boolean
  readonly external?: Readonly<Record<string, string>>
}

/** A TensorProto. */
export function onnxTensor(spec: TensorSpec): Uint8Array {
  const dims = spec.packedDims
    ? bytesField(1, concatBytes(...spec.dims.map(varint)))
    : concatBytes(...spec.dims.map((dimension) => varintField(1, dimension)))
  const entries = Object.entries(spec.external ?? {}).map(([key, value]) =>
    bytesField(13, concatBytes(bytesField(1, key), bytesField(2, value))),
  )
  return concatBytes(
    dims,
    varintField(2, BigInt(spec.dataType)),
    bytesField(8, spec.name),
    spec.rawBytes === undefined ? new Uint8Array(0) : bytesField(9, new Uint8Array(spec.rawBytes)),
    ...entries,
    spec.external ? varintField(14, 1n) : new Uint8Array(0),
  )
}

/** A ModelProto whose graph has these initializers. */
export function onnxModel(...initializers: readonly Uint8Array[]): Uint8Array {
  const graph = concatBytes(
    bytesField(1, concatBytes(bytesField(4, 'MatMul'))),
    bytesField(2, 'graph'),
    ...initializers.map((tensor) => bytesField(5, tensor)),
  )
  return concatBytes(varintField(1, 10n), bytesField(2, 'pytorch'), bytesField(7, graph))
}
