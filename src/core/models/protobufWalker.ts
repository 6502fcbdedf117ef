import { type ByteSource, corruptFile } from './byteSource'
import type { WindowedReader } from './windowedReader'

/**
 * The fields of a protobuf message one after another, by the wire format alone. A length-delimited
 * field that the visitor does not read is passed over without being loaded.
 */

export type WireField =
  | { readonly number: number; readonly type: 'varint'; readonly value: bigint }
  | { readonly number: number; readonly type: 'fixed'; readonly length: 4 | 8 }
  | {
      readonly number: number
      readonly type: 'bytes'
      readonly length: number
      /** Offset in the file of the byte after the field. */
      readonly end: number
    }

/** Seven bits each, for 64 bits. */
const maxVarintBytes = 10

export class ProtobufWalker {
  readonly source: ByteSource

  constructor(private readonly reader: WindowedReader) {
    this.source = reader.source
  }

  /**
   * Visits the fields up to offset `end`; whatever the visitor leaves of a field is skipped.
   * Throws InputError where a field does not end inside its message.
   */
  async each(
    end: number,
    message: string,
    visit: (field: WireField) => Promise<void>,
  ): Promise<void> {
    while (this.reader.position < end) {
      const field = await this.field(end, message)
      await visit(field)
      if (field.type === 'bytes') {
        this.reader.skip(field.end - this.reader.position, message)
      }
    }
    if (this.reader.position !== end) throw this.corrupt(message, 'does not end where it says')
  }

  /** A field as text, which must be UTF-8 and no longer than `maxBytes`. */
  async text(
    field: WireField & { type: 'bytes' },
    name: string,
    maxBytes: number,
  ): Promise<string> {
    if (field.length > maxBytes) {
      throw this.corrupt(name, `has ${field.length} bytes, more than the ${maxBytes} allowed`)
    }
    await this.reader.require(field.length, name)
    try {
      return new TextDecoder('utf-8', { fatal: true }).decode(this.reader.bytes(field.length))
    } catch {
      throw this.corrupt(name, 'is not UTF-8')
    }
  }

  /** Every value of a packed repeated field. */
  async packedVarints(
    field: WireField & { type: 'bytes' },
    name: string,
    visit: (value: bigint) => void,
  ): Promise<void> {
    while (this.reader.position < field.end) visit(await this.varint(field.end, name))
  }

  private async field(end: number, message: string): Promise<WireField> {
    const tag = Number(BigInt.asUintN(32, await this.varint(end, message)))
    const number = Math.floor(tag / 8)
    if (number === 0) throw this.corrupt(message, 'has a field numbered 0')
    switch (tag % 8) {
      case 0:
        return { number, type: 'varint', value: await this.varint(end, message) }
      case 1:
        return this.fixed(number, 8, end, message)
      case 2: {
        const length = await this.varint(end, message)
        if (length > BigInt(end - this.reader.position)) {
          throw this.corrupt(message, `has a field of ${length} bytes that does not fit into it`)
        }
        const fieldLength = Number(length)
        const fieldEnd = this.reader.position + fieldLength
        return { number, type: 'bytes', length: fieldLength, end: fieldEnd }
      }
      case 5:
        return this.fixed(number, 4, end, message)
      default:
        throw this.corrupt(message, `has a field of wire type ${tag % 8}, which ONNX does not use`)
    }
  }

  private fixed(number: number, length: 4 | 8, end: number, message: string): WireField {
    if (this.reader.position + length > end) throw this.corrupt(message, 'is cut off')
    this.reader.skip(length, message)
    return { number, type: 'fixed', length }
  }

  private async varint(end: number, message: string): Promise<bigint> {
    let low = 0
    let value = 0n
    for (let index = 0; index < maxVarintBytes; index += 1) {
      if (this.reader.position >= end) throw this.corrupt(message, 'is cut off')
      if (this.reader.available === 0) await this.reader.require(1, message)
      const byte = this.reader.uint8()
      // Nearly all are short: the first four bytes are added up without BigInt.
      if (index < 4) low |= (byte & 0x7f) << (7 * index)
      else value |= BigInt(byte & 0x7f) << BigInt(7 * index)
      if (byte < 0x80) return value | BigInt(low)
    }
    throw this.corrupt(message, 'has a number of more than 64 bits')
  }

  private corrupt(field: string, message: string) {
    return corruptFile(
      this.source,
      field,
      `${message}, at offset ${this.reader.position}; the file is damaged or no ONNX model`,
    )
  }
}
