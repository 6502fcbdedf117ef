import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { concatBytes, mutationsOf, uint64Bytes } from '../../../test/mutateBytes'
import { InputError } from '../errors'
import { type ByteSource, byteSourceOf } from './byteSource'
import type { ModelFile } from './modelFile'
import { maxSafetensorsHeaderBytes, readSafetensors } from './safetensors'
import { readShardedSafetensors } from './safetensorsIndex'

const utf8 = new TextEncoder()

function fileOf(header: unknown, dataBytes: number): Uint8Array {
  const json = utf8.encode(typeof header === 'string' ? header : JSON.stringify(header))
  return concatBytes(uint64Bytes(BigInt(json.length)), json, new Uint8Array(dataBytes))
}

const read = (bytes: Uint8Array) => readSafetensors(byteSourceOf('model.safetensors', bytes))

const valid = {
  __metadata__: { format: 'pt' },
  'model.embed_tokens.weight': { dtype: 'BF16', shape: [4, 2], data_offsets: [0, 16] },
  'model.norm.weight': { dtype: 'F32', shape: [2], data_offsets: [16, 24] },
  empty: { dtype: 'I64', shape: [0, 3], data_offsets: [24, 24] },
}

describe('readSafetensors', () => {
  it('gives tensors, counts and metadata from the header alone', async () => {
    const file = await read(fileOf(valid, 24))
    expect(file.tensors).toEqual([
      {
        name: 'model.embed_tokens.weight',
        type: 'BF16',
        shape: [4, 2],
        elementCount: 8,
        bytes: 16,
      },
      { name: 'model.norm.weight', type: 'F32', shape: [2], elementCount: 2, bytes: 8 },
      { name: 'empty', type: 'I64', shape: [0, 3], elementCount: 0, bytes: 0 },
    ])
    expect(file.parameterCount).toBe(4 * 2 + 2)
    expect(file.tensorBytes).toBe(8 * 2 + 2 * 4)
    expect({ ...file.metadata }).toEqual({ format: 'pt' })
  })

  it('counts half a byte for each element of F4', async () => {
    const file = await read(fileOf({ w: { dtype: 'F4', shape: [6], data_offsets: [0, 3] } }, 3))
    expect(file.tensors[0]?.bytes).toBe(3)
  })

  it('does not count weights that are packed several to an element', async () => {
    const header = { 'q_proj.qweight': { dtype: 'I32', shape: [2, 2], data_offsets: [0, 16] } }
    expect((await read(fileOf(header, 16))).parameterCount).toBeNull()
  })

  it('never reads the tensors', async () => {
    const bytes = fileOf(valid, 24)
    const reads: number[] = []
    const source: ByteSource = {
      ...byteSourceOf('model.safetensors', bytes),
      read: (offset, length) => {
        reads.push(offset + length)
        return Promise.resolve(bytes.subarray(offset, offset + length))
      },
    }
    await readSafetensors(source)
    expect(Math.max(...reads)).toBe(bytes.length - 24)
  })

  it.each<[string, Uint8Array, RegExp]>([
    ['an empty file', new Uint8Array(0), /header length: needs 8 bytes/],
    ['a header longer than the file', uint64Bytes(100n), /says 100 bytes/],
    [
      'a header of 2⁶³ bytes',
      concatBytes(uint64Bytes(2n ** 63n), new Uint8Array(9)),
      /9223372036854775808/,
    ],
    ['a header that does not start with {', fileOf(' {}', 0), /does not start with \{/],
    ['an array for a header', fileOf('[]', 0), /does not start/],
    ['half a header', fileOf('{"a":', 0), /not JSON/],
    [
      'bytes that are not UTF-8',
      fileOf('{}', 0).map((byte, at) => (at === 8 + 1 ? 0xff : byte)),
      /not JSON in UTF-8/,
    ],
    ['deep nesting', fileOf(`{"a":${'['.repeat(10_000)}`, 0), /nested deeper than 3/],
    [
      'one name twice',
      fileOf(`{"a":${JSON.stringify(f32Tensor(0, 4))},"a":${JSON.stringify(f32Tensor(0, 4))}}`, 4),
      /same name twice/,
    ],
    [
      'one field twice',
      fileOf('{"a":{"dtype":"F32","dtype":"F32","shape":[1],"data_offsets":[0,4]}}', 4),
      /same name twice/,
    ],
    [
      'an unknown type',
      fileOf({ a: { ...f32Tensor(0, 4), dtype: 'F12' } }, 4),
      /a\.dtype: F12 is not a known type/,
    ],
    [
      'a type of the object prototype',
      fileOf({ a: { ...f32Tensor(0, 4), dtype: 'constructor' } }, 4),
      /not a known type/,
    ],
    ['a negative dimension', fileOf({ a: { ...f32Tensor(0, 4), shape: [-1] } }, 4), /a\.shape/],
    ['a fractional dimension', fileOf({ a: { ...f32Tensor(0, 4), shape: [0.5] } }, 4), /a\.shape/],
    [
      'a product beyond 2⁵³',
      fileOf({ a: { ...f32Tensor(0, 4), shape: [2 ** 40, 2 ** 40] } }, 4),
      /more elements than any file/,
    ],
    [
      'a shape that does not fill its span',
      fileOf({ a: { ...f32Tensor(0, 8), shape: [1] } }, 8),
      /span 8 bytes, but F32 \[1\] takes 4/,
    ],
    [
      'offsets that run backwards',
      fileOf({ a: { ...f32Tensor(0, 4), data_offsets: [4, 0] } }, 4),
      /data_offsets/,
    ],
    [
      'overlapping tensors',
      fileOf({ a: f32Tensor(0, 8), b: f32Tensor(4, 12) }, 12),
      /b\.data_offsets: start at 4/,
    ],
    [
      'a hole between tensors',
      fileOf({ a: f32Tensor(0, 4), b: f32Tensor(8, 12) }, 12),
      /b\.data_offsets: start at 8/,
    ],
    ['a hole before the first', fileOf({ a: f32Tensor(4, 8) }, 8), /start at 4/],
    [
      'bytes after the last tensor',
      fileOf({ a: f32Tensor(0, 4) }, 5),
      /describes 4 bytes of tensors, the file has 5/,
    ],
    [
      'a truncated file',
      fileOf({ a: f32Tensor(0, 8) }, 7),
      /describes 8 bytes of tensors, the file has 7/,
    ],
    ['an unknown field', fileOf({ a: { ...f32Tensor(0, 4), x: 1 } }, 4), /a\.x: is not a field/],
    ['a tensor that is a number', fileOf({ a: 3 }, 0), /a: is not a description/],
    ['metadata that is no object', fileOf({ __metadata__: 3 }, 0), /__metadata__/],
    ['metadata with a number', fileOf({ __metadata__: { a: 3 } }, 0), /__metadata__\.a/],
  ])('refuses %s', async (_title, bytes, message) => {
    const error: unknown = await read(bytes).catch((reason: unknown) => reason)
    expect(error).toBeInstanceOf(InputError)
    expect((error as InputError).toLine()).toMatch(message)
    expect((error as InputError).file).toBe('model.safetensors')
  })

  /** The members of a header with `count` tensors of four bytes, which is parsed 500 at a time. */
  const members = (count: number): string[] =>
    Array.from(
      { length: count },
      (_, at) => `"w${at}":${JSON.stringify(f32Tensor(4 * at, 4 * at + 4))}`,
    )

  it.each([0, 1, 499, 500, 501, 1000, 1001])('reads each of %i tensors once', async (count) => {
    const { tensors } = await read(fileOf(`{${members(count).join(',')}}`, 4 * count))
    expect(tensors.map(({ name }) => name)).toEqual(
      Array.from({ length: count }, (_, at) => `w${at}`),
    )
  })

  it.each<[string, (count: number) => string]>([
    ['a comma before the closing brace', (count) => `{${members(count).join(',')},}`],
    ['two commas', (count) => `{${members(count).join(',')},,"x":1}`],
    ['a byte order mark after a comma', (count) => `{${members(count).join(',')},\uFEFF"x":1}`],
    ['text after the closing brace', (count) => `{${members(count).join(',')}} x`],
    ['a second object', (count) => `{${members(count).join(',')}},{"x":1}`],
    ['no closing brace', (count) => `{${members(count).join(',')}`],
    ['a name twice', (count) => `{${[...members(count), members(1)[0]].join(',')}}`],
  ])('refuses %s, wherever it is parsed in pieces', async (_title, header) => {
    for (const count of [1, 499, 500, 501, 1000]) {
      await expect(read(fileOf(header(count), 4 * count))).rejects.toThrow(
        /not JSON in UTF-8|same name twice/,
      )
    }
  })

  it('takes __proto__ for a name like any other', async () => {
    const json = `{"__proto__":${JSON.stringify(f32Tensor(0, 4))},"__metadata__":{"__proto__":"x"}}`
    const file = await read(fileOf(json, 4))
    expect(file.tensors[0]?.name).toBe('__proto__')
    expect(Object.getPrototypeOf(file.metadata)).toBeNull()
  })

  it.each([BigInt(maxSafetensorsHeaderBytes) + 1n, 100_000_001n, 2n ** 63n])(
    'refuses a header of %s bytes in a 2 TB file after eight bytes',
    async (headerLength) => {
      let readBytes = 0
      const sparse: ByteSource = {
        name: 'huge.safetensors',
        sizeBytes: 2e12,
        read: (offset, length) => {
          readBytes += length
          return Promise.resolve(offset === 0 ? uint64Bytes(headerLength) : new Uint8Array(length))
        },
      }
      await expect(readSafetensors(sparse)).rejects.toBeInstanceOf(InputError)
      expect(readBytes).toBe(8)
    },
  )

  it('answers damaged files with an InputError or a consistent result', async () => {
    await fc.assert(
      fc.asyncProperty(mutationsOf(fileOf(valid, 24)), async (bytes) => {
        const result = await read(bytes).catch((reason: unknown) => reason)
        if (result instanceof Error) return result instanceof InputError
        return (result as ModelFile).fileBytes === bytes.length
      }),
      { numRuns: 2000, seed: 1 },
    )
  })
})

describe('readShardedSafetensors', () => {
  const one = fileOf({ a: f32Tensor(0, 4) }, 4)
  const two = fileOf({ b: f32Tensor(0, 8) }, 8)
  const shards = new Map([
    ['model-00001-of-00002.safetensors', one],
    ['model-00002-of-00002.safetensors', two],
  ])
  const weightMap = {
    a: 'model-00001-of-00002.safetensors',
    b: 'model-00002-of-00002.safetensors',
  }
  const sharded = (index: unknown) =>
    readShardedSafetensors(
      byteSourceOf('model.safetensors.index.json', utf8.encode(JSON.stringify(index))),
      (name) => Promise.resolve(byteSourceOf(name, shards.get(name) ?? new Uint8Array(0))),
    )

  it('adds the shards up', async () => {
    const file = await sharded({ metadata: { total_size: 12 }, weight_map: weightMap })
    expect(file.parameterCount).toBe(1 + 2)
    expect(file.tensorBytes).toBe(4 + 8)
    expect(file.fileBytes).toBe(one.length + two.length)
  })

  it.each([
    ['a parent folder', { a: '../secret.safetensors' }],
    ['an absolute path', { a: '/etc/secret.safetensors' }],
    ['a drive', { a: 'C:\\secret.safetensors' }],
    ['a folder', { a: 'sub/model.safetensors' }],
    ['itself', { a: 'model.safetensors.index.json' }],
    ['a hidden file', { a: '.safetensors' }],
    ['a NUL', { a: 'model\0.safetensors' }],
    ['a number', { a: 1 }],
  ])('refuses an index that names %s', async (_title, map) => {
    await expect(sharded({ weight_map: map })).rejects.toThrow(/is not the name of a \.safetensors/)
  })

  it('refuses an index without a map, and one that is not JSON', async () => {
    await expect(sharded({})).rejects.toThrow(/missing/)
    await expect(sharded([])).rejects.toBeInstanceOf(InputError)
  })

  it('refuses shards that hold other tensors than the index says', async () => {
    const swapped = { a: weightMap.b, b: weightMap.a }
    await expect(sharded({ weight_map: swapped })).rejects.toThrow(/does not say/)
    await expect(sharded({ weight_map: { ...weightMap, c: weightMap.a } })).rejects.toThrow(
      /in none of the shards/,
    )
  })
})

function f32Tensor(begin: number, end: number) {
  return { dtype: 'F32', shape: [(end - begin) / 4], data_offsets: [begin, end] }
}
