import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  arrayPair,
  ggufBytes,
  type GgufSpec,
  ggufString,
  ggufTensor,
  rawPair,
  stringPair,
  uint32Pair,
} from '../../../test/ggufBytes'
import { concatBytes, mutationsOf, uint32Bytes, uint64Bytes } from '../../../test/mutateBytes'
import { InputError } from '../errors'
import { type ByteSource, byteSourceOf } from './byteSource'
import { type GgufFile, readGguf } from './gguf'

const read = (bytes: Uint8Array) => readGguf(byteSourceOf('model.gguf', bytes))
const readSpec = (spec: GgufSpec) => read(ggufBytes(spec))

const valid: GgufSpec = {
  metadata: [
    stringPair('general.architecture', 'llama'),
    uint32Pair('llama.block_count', 2),
    rawPair('llama.use_parallel_residual', 7, new Uint8Array([1])),
    rawPair('llama.rope.freq_base', 6, new Uint8Array(new Float32Array([1e4]).buffer)),
    rawPair('general.size', 10, uint64Bytes(2n ** 40n)),
    arrayPair('llama.attention.head_count', 4, [uint32Bytes(8), uint32Bytes(4)]),
    arrayPair('tokenizer.ggml.tokens', 8, ['a', 'b', ''].map(ggufString)),
  ],
  // 64 × 2 F32 = 512 bytes, then a row of 256 Q4_K = 144 bytes
  tensors: [
    ggufTensor('token_embd.weight', [64n, 2n], 0, 0n),
    ggufTensor('blk.0.attn_q.weight', [256n], 12, 512n),
  ],
  dataBytes: 512 + 144,
}

describe('readGguf', () => {
  it('gives tensors with the outermost dimension first, and their packed bytes', async () => {
    const file = await readSpec(valid)
    expect(file.tensors).toEqual([
      { name: 'token_embd.weight', type: 'F32', shape: [2, 64], elementCount: 128, bytes: 512 },
      { name: 'blk.0.attn_q.weight', type: 'Q4_K', shape: [256], elementCount: 256, bytes: 144 },
    ])
    expect(file.parameterCount).toBe(2 * 64 + 256)
    expect(file.tensorBytes).toBe(512 + 144)
  })

  it('keeps metadata of every type, and long arrays by their length alone', async () => {
    const tokens = Array.from({ length: 1025 }, (_, index) => ggufString(`t${index}`))
    const file = await readSpec({
      metadata: [...(valid.metadata ?? []), arrayPair('long', 8, tokens), uint32Pair('last', 7)],
    })
    expect(file.values.get('general.architecture')).toBe('llama')
    expect(file.values.get('llama.use_parallel_residual')).toBe(true)
    expect(file.values.get('llama.rope.freq_base')).toBe(1e4)
    expect(file.values.get('general.size')).toBe(2n ** 40n)
    expect(file.values.get('llama.attention.head_count')).toEqual({
      elementType: 'uint32',
      length: 2,
      values: [8, 4],
    })
    expect(file.values.get('long')).toEqual({ elementType: 'string', length: 1025, values: null })
    expect(file.values.get('last')).toBe(7)
  })

  it('reads version 2 and another alignment', async () => {
    const metadata = [uint32Pair('general.alignment', 64)]
    const tensors = [ggufTensor('a', [3n], 0, 0n), ggufTensor('b', [1n], 0, 64n)]
    const file = await readSpec({ version: 2, metadata, tensors, alignment: 64, dataBytes: 68 })
    expect(file.tensorBytes).toBe(3 * 4 + 4)
  })

  const nested = (depth: number): Uint8Array =>
    depth === 0
      ? concatBytes(uint32Bytes(4), uint64Bytes(1n), uint32Bytes(7))
      : concatBytes(uint32Bytes(9), uint64Bytes(1n), nested(depth - 1))

  it('passes over arrays of arrays', async () => {
    const file = await readSpec({ metadata: [rawPair('deep', 9, nested(3)), uint32Pair('x', 1)] })
    expect(file.values.get('x')).toBe(1)
  })

  const tensor = ggufTensor('a', [32n], 0, 0n)
  it.each<[string, Uint8Array | GgufSpec, RegExp]>([
    ['an empty file', new Uint8Array(0), /header: needs 24 bytes/],
    ['a bad magic', { magic: 'GGML' }, /magic/],
    ['version 0', { version: 0 }, /version: 0 is not one of/],
    ['version 1', { version: 1 }, /version: 1 is not one of/],
    ['version 4', { version: 4 }, /version: 4 is not one of/],
    ['a big-endian file', { version: 3 << 24 }, /big-endian/],
    ['2⁶⁴−1 keys', { metadataCount: 2n ** 64n - 1n }, /metadata count/],
    ['2⁶⁴−1 tensors', { tensorCount: 2n ** 64n - 1n }, /tensor count/],
    ['more keys than there are', { ...valid, metadataCount: 9n }, /.*/],
    [
      'more tensors than there are',
      { tensors: [tensor], tensorCount: 3n, dataBytes: 128 },
      /tensor/,
    ],
    [
      'a key of 2⁶³ bytes',
      { metadata: [concatBytes(uint64Bytes(2n ** 63n), new Uint8Array(32))] },
      /key 0: claims/,
    ],
    ['an empty key', { metadata: [uint32Pair('', 1)] }, /key 0: is empty/],
    [
      'a key that is not UTF-8',
      { metadata: [concatBytes(uint64Bytes(1n), new Uint8Array([0xff, 4, 0, 0, 0, 1, 0, 0, 0]))] },
      /not UTF-8/,
    ],
    [
      'a type that does not exist',
      { metadata: [rawPair('k', 13, uint64Bytes(0n))] },
      /k: has the unknown type 13/,
    ],
    [
      'an array of a type that does not exist',
      { metadata: [rawPair('k', 9, concatBytes(uint32Bytes(99), uint64Bytes(0n)))] },
      /unknown type 99/,
    ],
    [
      'a key that is there twice',
      { metadata: [uint32Pair('k', 1), uint32Pair('k', 2)] },
      /k: is there twice/,
    ],
    [
      'a bool of 2',
      { metadata: [rawPair('k', 7, new Uint8Array([2])), uint32Pair('l', 1)] },
      /neither true nor false/,
    ],
    ['a string of 2⁶³ bytes', { metadata: [rawPair('k', 8, uint64Bytes(2n ** 63n))] }, /k: claims/],
    [
      'an array of 2⁶¹ strings',
      { metadata: [rawPair('k', 9, concatBytes(uint32Bytes(8), uint64Bytes(2n ** 61n)))] },
      /k: claims/,
    ],
    [
      'an array nested five deep',
      { metadata: [rawPair('k', 9, nested(5))] },
      /nested deeper than 4/,
    ],
    ['an alignment of 0', { metadata: [uint32Pair('general.alignment', 0)] }, /general\.alignment/],
    [
      'an alignment of 13',
      { metadata: [uint32Pair('general.alignment', 13)] },
      /general\.alignment/,
    ],
    [
      'an alignment that is a string',
      { metadata: [stringPair('general.alignment', '32')] },
      /general\.alignment/,
    ],
    [
      'a tensor name of 200 bytes',
      { tensors: [ggufTensor('x'.repeat(200), [32n], 0, 0n)], dataBytes: 128 },
      /tensor 0 name/,
    ],
    [
      'a tensor without a name',
      { tensors: [ggufTensor('', [32n], 0, 0n)], dataBytes: 128 },
      /without a name/,
    ],
    [
      'a tensor that is there twice',
      { tensors: [tensor, tensor], dataBytes: 256 },
      /a: is there twice/,
    ],
    [
      'no dimensions',
      { tensors: [ggufTensor('a', [], 0, 0n)], dataBytes: 128 },
      /a: has 0 dimensions/,
    ],
    [
      'five dimensions',
      { tensors: [ggufTensor('a', [1n, 1n, 1n, 1n, 1n], 0, 0n)], dataBytes: 128 },
      /a: has 5 dimensions/,
    ],
    [
      '2⁶⁴−1 rows',
      { tensors: [ggufTensor('a', [2n ** 64n - 1n], 0, 0n)] },
      /more elements than any file/,
    ],
    [
      'dimensions whose product overflows',
      { tensors: [ggufTensor('a', [2n ** 32n, 2n ** 32n, 2n ** 32n], 0, 0n)] },
      /more elements/,
    ],
    [
      'a tensor type that does not exist',
      { tensors: [ggufTensor('a', [32n], 4, 0n)], dataBytes: 128 },
      /unknown type 4/,
    ],
    [
      'a row that is no multiple of its block',
      { tensors: [ggufTensor('a', [100n], 12, 0n)], dataBytes: 128 },
      /rows of 100/,
    ],
    [
      'an offset inside the tensor before',
      { tensors: [tensor, ggufTensor('b', [32n], 0, 32n)], dataBytes: 256 },
      /b: starts at 32/,
    ],
    [
      'an offset that is not aligned',
      { tensors: [ggufTensor('a', [32n], 0, 1n)], dataBytes: 256 },
      /a: starts at 1/,
    ],
    [
      'an offset of 2⁶³',
      { tensors: [ggufTensor('a', [32n], 0, 2n ** 63n)], dataBytes: 128 },
      /a: starts at 9223372036854775808/,
    ],
    ['data that is cut off', { tensors: [tensor], dataBytes: 127 }, /the download is incomplete/],
  ])('refuses %s', async (_title, input, message) => {
    const bytes = input instanceof Uint8Array ? input : ggufBytes(input)
    const error: unknown = await read(bytes).catch((reason: unknown) => reason)
    expect(error).toBeInstanceOf(InputError)
    expect((error as InputError).toLine()).toMatch(message)
    expect((error as InputError).file).toBe('model.gguf')
  })

  it.each([
    ['2⁶⁴−1 keys', ggufBytes({ metadataCount: 2n ** 64n - 1n })],
    ['a key of 1 TB', ggufBytes({ metadataCount: 1n, metadata: [uint64Bytes(10n ** 12n)] })],
    [
      '10¹¹ strings',
      ggufBytes({
        metadata: [rawPair('k', 9, concatBytes(uint32Bytes(8), uint64Bytes(10n ** 11n)))],
      }),
    ],
    ['nothing but zeros', ggufBytes({ metadataCount: 65_536n })],
  ])('refuses %s in a 2 TB file after 64 KiB', async (_title, start) => {
    let readBytes = 0
    const sparse: ByteSource = {
      name: 'huge.gguf',
      sizeBytes: 2e12,
      read: (offset, length) => {
        readBytes += length
        const bytes = new Uint8Array(length)
        bytes.set(start.subarray(offset, offset + length))
        return Promise.resolve(bytes)
      },
    }
    await expect(readGguf(sparse)).rejects.toBeInstanceOf(InputError)
    expect(readBytes).toBeLessThanOrEqual(64 * 1024)
  })

  it('reads the header of a 70 B model with a 128,000-token vocabulary without its tensors', async () => {
    const token = ggufString(' token')
    const tokens = arrayPair(
      'tokenizer.ggml.tokens',
      8,
      Array.from({ length: 128_256 }, () => token),
    )
    const merges = arrayPair(
      'tokenizer.ggml.merges',
      8,
      Array.from({ length: 280_147 }, () => token),
    )
    // 723 tensors of Llama-3.1-70B's largest shape, 8192 × 28672 Q4_K
    const rowBytes = (8192 / 256) * 144
    const tensors = Array.from({ length: 723 }, (_, index) =>
      ggufTensor(
        `blk.${index}.ffn_up.weight`,
        [8192n, 28_672n],
        12,
        BigInt(index * 28_672 * rowBytes),
      ),
    )
    const header = ggufBytes({ metadata: [tokens, merges], tensors })
    let readBytes = 0
    const source: ByteSource = {
      name: 'llama-70b.gguf',
      sizeBytes: header.length + 723 * 28_672 * rowBytes,
      read: (offset, length) => {
        readBytes += length
        const bytes = new Uint8Array(length)
        bytes.set(header.subarray(offset, offset + length))
        return Promise.resolve(bytes)
      },
    }
    const file = await readGguf(source)
    expect(file.parameterCount).toBe(723 * 8192 * 28_672)
    expect(readBytes).toBeLessThan(header.length + 1024 * 1024)
  })

  it('answers damaged files with an InputError or a consistent result', async () => {
    await fc.assert(
      fc.asyncProperty(mutationsOf(ggufBytes(valid)), async (bytes) => {
        const result = await read(bytes).catch((reason: unknown) => reason)
        if (result instanceof Error) return result instanceof InputError
        return (result as GgufFile).tensorBytes <= bytes.length
      }),
      { numRuns: 2000, seed: 1 },
    )
  })
})
