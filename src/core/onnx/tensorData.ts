import { Float16Array } from '@petamoriken/float16'
import type { DataType } from '../dtype'

/** Numbers as ONNX stores them: little-endian, row by row, without padding. */
export function tensorBytes(dtype: DataType, values: ArrayLike<number>): Uint8Array {
  const { buffer, byteOffset, byteLength } = typedArray(dtype, values)
  return new Uint8Array(buffer, byteOffset, byteLength)
}

function typedArray(dtype: DataType, values: ArrayLike<number>): ArrayBufferView {
  switch (dtype) {
    case 'fp64':
      return Float64Array.from(values)
    case 'fp32':
      return values instanceof Float32Array ? values : Float32Array.from(values)
    case 'fp16':
      return Float16Array.from(values)
    case 'bf16':
      return Uint16Array.from(values, bfloat16Bits)
    case 'int8':
      return values instanceof Int8Array ? values : Int8Array.from(values)
    case 'int4':
      return packedNibbles(values)
    case 'uint8':
    case 'bool':
      return values instanceof Uint8Array ? values : Uint8Array.from(values)
    case 'int32':
      return Int32Array.from(values)
    case 'int64':
      return BigInt64Array.from(Array.from(values, BigInt))
  }
}

const bits = new DataView(new ArrayBuffer(4))

/** The upper half of the fp32 bits, rounded to the nearest, ties to even. */
function bfloat16Bits(value: number): number {
  bits.setFloat32(0, value)
  const word = bits.getUint32(0)
  if (Number.isNaN(value)) return 0x7fc0
  return (word + 0x7fff + ((word >>> 16) & 1)) >>> 16
}

/** Two to a byte, the first in the lower half. */
function packedNibbles(values: ArrayLike<number>): Uint8Array {
  const packed = new Uint8Array(Math.ceil(values.length / 2))
  for (let index = 0; index < values.length; index += 1) {
    packed[index >> 1]! |= (values[index]! & 15) << (index % 2 === 0 ? 0 : 4)
  }
  return packed
}
