import fc from 'fast-check'

/**
 * Damaged copies of a valid file: bytes changed, cut off, removed, inserted, or a field overwritten
 * with one of the values that parsers trip over. Seeded by fast-check, so a failure repeats.
 */
export function mutationsOf(seed: Uint8Array): fc.Arbitrary<Uint8Array> {
  const offset = fc.nat({ max: seed.length - 1 })
  const flip = fc.record({
    kind: fc.constant('flip' as const),
    offset,
    value: fc.integer({ min: 0, max: 255 }),
  })
  const cut = fc.record({ kind: fc.constant('cut' as const), offset })
  const remove = fc.record({
    kind: fc.constant('remove' as const),
    offset,
    length: fc.integer({ min: 1, max: 16 }),
  })
  const insert = fc.record({
    kind: fc.constant('insert' as const),
    offset,
    bytes: fc.uint8Array({ minLength: 1, maxLength: 16 }),
  })
  const extreme = fc.record({
    kind: fc.constant('extreme' as const),
    offset,
    value: fc.constantFrom(0n, 1n, 0x7fffffffn, 0xffffffffn, 2n ** 53n, 2n ** 63n, 2n ** 64n - 1n),
    width: fc.constantFrom(4, 8),
  })
  const mutation = fc.oneof(
    { weight: 4, arbitrary: flip },
    { weight: 3, arbitrary: extreme },
    cut,
    remove,
    insert,
  )
  return fc
    .array(mutation, { minLength: 1, maxLength: 4 })
    .map((mutations) => mutations.reduce(applyMutation, seed))
}

type Mutation =
  | { kind: 'flip'; offset: number; value: number }
  | { kind: 'cut'; offset: number }
  | { kind: 'remove'; offset: number; length: number }
  | { kind: 'insert'; offset: number; bytes: Uint8Array }
  | { kind: 'extreme'; offset: number; value: bigint; width: number }

function applyMutation(bytes: Uint8Array, mutation: Mutation): Uint8Array {
  const { offset } = mutation
  switch (mutation.kind) {
    case 'flip': {
      const copy = bytes.slice()
      copy[offset] = mutation.value
      return copy
    }
    case 'cut':
      return bytes.slice(0, offset)
    case 'remove':
      return concatBytes(bytes.slice(0, offset), bytes.slice(offset + mutation.length))
    case 'insert':
      return concatBytes(bytes.slice(0, offset), mutation.bytes, bytes.slice(offset))
    case 'extreme': {
      const copy = bytes.slice()
      for (let index = 0; index < mutation.width && offset + index < copy.length; index += 1) {
        copy[offset + index] = Number((mutation.value >> BigInt(8 * index)) & 0xffn)
      }
      return copy
    }
  }
}

export function concatBytes(...parts: readonly Uint8Array[]): Uint8Array {
  return joinBytes(parts)
}

/** For more parts than a call takes arguments. */
export function joinBytes(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0))
  let offset = 0
  for (const part of parts) {
    whole.set(part, offset)
    offset += part.length
  }
  return whole
}

/** A little-endian u64. */
export function uint64Bytes(value: bigint): Uint8Array {
  const bytes = new Uint8Array(8)
  new DataView(bytes.buffer).setBigUint64(0, BigInt.asUintN(64, value), true)
  return bytes
}

/** A little-endian u32. */
export function uint32Bytes(value: number): Uint8Array {
  const bytes = new Uint8Array(4)
  new DataView(bytes.buffer).setUint32(0, value >>> 0, true)
  return bytes
}
