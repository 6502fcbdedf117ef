/** Bytes that grow as they are written. */
export interface ByteWriter {
  byte(value: number): void
  /** A whole number from 0 to 2⁵³ − 1, seven bits to a byte, the lowest first. */
  varint(value: number): void
  float64(value: number): void
  bytes(): Uint8Array<ArrayBuffer>
}

export function createByteWriter(): ByteWriter {
  let buffer = new Uint8Array(4096)
  let length = 0
  const float = new DataView(new ArrayBuffer(8))
  function room(count: number): void {
    if (length + count <= buffer.length) return
    const larger = new Uint8Array(2 * (buffer.length + count))
    larger.set(buffer)
    buffer = larger
  }
  function varint(value: number): void {
    room(8)
    let rest = value
    while (rest >= 0x80) {
      buffer[length++] = (rest % 0x80) | 0x80
      rest = Math.floor(rest / 0x80)
    }
    buffer[length++] = rest
  }
  return {
    byte(value) {
      room(1)
      buffer[length++] = value
    },
    varint,
    float64(value) {
      room(8)
      float.setFloat64(0, value, true)
      for (let i = 0; i < 8; i += 1) buffer[length++] = float.getUint8(i)
    },
    bytes: () => buffer.slice(0, length),
  }
}

/** Reads what a writer wrote; past the end is an error, never a figure. */
export interface ByteReader {
  byte(): number
  varint(): number
  float64(): number
}

export function createByteReader(bytes: Uint8Array): ByteReader {
  let place = 0
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  function byte(): number {
    const value = bytes[place]
    if (value === undefined) throw new RangeError('the recording is cut short')
    place += 1
    return value
  }
  function varint(): number {
    let value = 0
    let unit = 1
    for (;;) {
      const next = byte()
      value += (next & 0x7f) * unit
      if (next < 0x80) return value
      unit *= 0x80
      if (unit > 2 ** 53) throw new RangeError('the recording holds a number that is too large')
    }
  }
  return {
    byte,
    varint,
    float64() {
      if (place + 8 > bytes.length) throw new RangeError('the recording is cut short')
      const value = view.getFloat64(place, true)
      place += 8
      return value
    },
  }
}
