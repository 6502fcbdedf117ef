import { type ByteSource, corruptFile } from './byteSource'

/**
 * Reads a file from front to back through a window, so that small fields cost no call each and what
 * is skipped is never read. `require` makes bytes available and is the only place that awaits; the
 * getters after it are plain memory reads.
 */

/** Files that are refused by their first fields must not have been read further than this. */
const firstWindowBytes = 64 * 1024
/** Large enough that a 10 MB tokenizer is ten reads, small enough to keep in memory. */
const windowBytes = 1024 * 1024

export class WindowedReader {
  readonly source: ByteSource
  private window: DataView = new DataView(new ArrayBuffer(0))
  private windowStart = 0
  private index = 0

  constructor(source: ByteSource) {
    this.source = source
  }

  /** Offset in the file of the next byte. */
  get position(): number {
    return this.windowStart + this.index
  }

  get bytesLeft(): number {
    return this.source.sizeBytes - this.position
  }

  /** Bytes that the getters can read without another `require`. */
  get available(): number {
    return Math.max(0, this.window.byteLength - this.index)
  }

  /** Makes `length` bytes available; throws InputError where the file ends before them. */
  async require(length: number, field: string): Promise<void> {
    if (length <= this.available) return
    if (length > this.bytesLeft) {
      throw corruptFile(
        this.source,
        field,
        `needs ${length} bytes at offset ${this.position}, and the file ends after ${this.bytesLeft}; it is truncated or damaged`,
      )
    }
    const start = this.position
    const usual = start === 0 ? firstWindowBytes : windowBytes
    const size = Math.min(this.bytesLeft, Math.max(length, usual))
    const bytes = await this.source.read(start, size)
    if (bytes.byteLength < length) {
      throw corruptFile(this.source, field, `could not be read at offset ${start}`)
    }
    this.window = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    this.windowStart = start
    this.index = 0
  }

  /** Passes over bytes that the file is known to have. */
  skip(length: number, field: string): void {
    if (length > this.bytesLeft) {
      throw corruptFile(
        this.source,
        field,
        `claims ${length} bytes at offset ${this.position}, and only ${this.bytesLeft} are left`,
      )
    }
    this.index += length
  }

  uint8(): number {
    return this.take(1, (at) => this.window.getUint8(at))
  }

  uint16(): number {
    return this.take(2, (at) => this.window.getUint16(at, true))
  }

  uint32(): number {
    return this.take(4, (at) => this.window.getUint32(at, true))
  }

  uint64(): bigint {
    return this.take(8, (at) => this.window.getBigUint64(at, true))
  }

  int8(): number {
    return this.take(1, (at) => this.window.getInt8(at))
  }

  int16(): number {
    return this.take(2, (at) => this.window.getInt16(at, true))
  }

  int32(): number {
    return this.take(4, (at) => this.window.getInt32(at, true))
  }

  int64(): bigint {
    return this.take(8, (at) => this.window.getBigInt64(at, true))
  }

  float32(): number {
    return this.take(4, (at) => this.window.getFloat32(at, true))
  }

  float64(): number {
    return this.take(8, (at) => this.window.getFloat64(at, true))
  }

  /** A view of the next bytes; valid until the next `require`. */
  bytes(length: number): Uint8Array {
    return this.take(
      length,
      (at) => new Uint8Array(this.window.buffer, this.window.byteOffset + at, length),
    )
  }

  private take<T>(length: number, get: (at: number) => T): T {
    const at = this.index
    this.index += length
    return get(at)
  }
}
