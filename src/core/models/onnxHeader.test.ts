import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { concatBytes, mutationsOf } from '../../../test/mutateBytes'
import { bytesField, onnxModel, onnxTensor, varint, varintField } from '../../../test/onnxBytes'
import { InputError } from '../errors'
import { type ByteSource, byteSourceOf } from './byteSource'
import { type OnnxFile, readOnnxHeader } from './onnxHeader'

const read = (bytes: Uint8Array) => readOnnxHeader(byteSourceOf('model.onnx', bytes))

const weight = onnxTensor({ name: 'w', dims: [3n, 4n], dataType: 1, rawBytes: 48 })
const bias = onnxTensor({ name: 'b', dims: [4n], dataType: 10, rawBytes: 8, packedDims: true })
const scalar = onnxTensor({ name: 'eps', dims: [], dataType: 1, rawBytes: 4 })
const int4 = onnxTensor({ name: 'q', dims: [5n], dataType: 22, rawBytes: 3 })
const external = (entries: Readonly<Record<string, string>>) =>
  onnxTensor({ name: 'e', dims: [8n], dataType: 1, external: entries })

describe('readOnnxHeader', () => {
  it('gives the initializers, their types and bytes', async () => {
    const file = await read(onnxModel(weight, bias, scalar, int4))
    expect(file.tensors).toEqual([
      { name: 'w', type: 'FLOAT', shape: [3, 4], elementCount: 12, bytes: 48 },
      { name: 'b', type: 'FLOAT16', shape: [4], elementCount: 4, bytes: 8 },
      { name: 'eps', type: 'FLOAT', shape: [], elementCount: 1, bytes: 4 },
      { name: 'q', type: 'INT4', shape: [5], elementCount: 5, bytes: 3 }, // ⌈5 / 2⌉
    ])
    expect(file.parameterCount).toBe(12 + 4 + 1 + 5)
    expect({ ...file.metadata }).toEqual({ producer_name: 'pytorch', ir_version: '10' })
  })

  it('says how much of each external file is needed', async () => {
    const second = onnxTensor({
      name: 'f',
      dims: [2n],
      dataType: 1,
      external: { location: 'data/model.bin', offset: '4096', length: '8' },
    })
    const file = await read(onnxModel(external({ location: 'data/model.bin' }), second))
    expect(file.externalFiles).toEqual([{ location: 'data/model.bin', neededBytes: 4096 + 8 }])
  })

  it('passes over the data', async () => {
    const big = onnxTensor({ name: 'big', dims: [2n ** 21n], dataType: 1, rawBytes: 2 ** 23 })
    const bytes = onnxModel(big, weight)
    let readBytes = 0
    const source: ByteSource = {
      ...byteSourceOf('model.onnx', bytes),
      read: (offset, length) => {
        readBytes += length
        return Promise.resolve(bytes.subarray(offset, offset + length))
      },
    }
    expect((await readOnnxHeader(source)).parameterCount).toBe(2 ** 21 + 12)
    expect(readBytes).toBeLessThan(2 ** 20)
  })

  it.each<[string, Uint8Array, RegExp]>([
    ['an empty file', new Uint8Array(0), /graph: is there 0 times/],
    ['text', new TextEncoder().encode('not a model'), /damaged or no ONNX/],
    ['two graphs', concatBytes(onnxModel(), onnxModel()), /graph: is there 2 times/],
    [
      'a field of 2⁶³ bytes',
      concatBytes(varint(7n * 8n + 2n), varint(2n ** 63n)),
      /9223372036854775808 bytes/,
    ],
    ['a number of 11 bytes', new Uint8Array(11).fill(0xff), /more than 64 bits/],
    ['a field numbered 0', varintField(0, 1n), /numbered 0/],
    ['a group', varint(7n * 8n + 3n), /wire type 3/],
    ['a field cut off', varint(7n * 8n + 1n), /cut off/],
    [
      'a negative dimension',
      onnxModel(onnxTensor({ name: 'n', dims: [-1n], dataType: 1 })),
      /dimension -1/,
    ],
    [
      '65 dimensions',
      onnxModel(onnxTensor({ name: 'n', dims: Array.from({ length: 65 }, () => 1n), dataType: 1 })),
      /more than 64/,
    ],
    [
      'a product beyond 2⁵³',
      onnxModel(onnxTensor({ name: 'n', dims: [2n ** 40n, 2n ** 40n], dataType: 1 })),
      /more elements/,
    ],
    [
      'a petabyte without data',
      onnxModel(onnxTensor({ name: 'n', dims: [2n ** 50n], dataType: 1 })),
      /more than the file holds/,
    ],
    [
      'a type that does not exist',
      onnxModel(onnxTensor({ name: 'n', dims: [1n], dataType: 99 })),
      /unknown type 99/,
    ],
    [
      'data that does not fill the shape',
      onnxModel(onnxTensor({ name: 'n', dims: [2n], dataType: 1, rawBytes: 4 })),
      /stores 4 bytes, but FLOAT \[2\] takes 8/,
    ],
    [
      'an initializer that is there twice',
      onnxModel(weight, weight),
      /initializer w: is there twice/,
    ],
    ['a sparse initializer', bytesField(7, bytesField(15, weight)), /sparse_initializer/],
  ])('refuses %s', async (_title, bytes, message) => {
    const error: unknown = await read(bytes).catch((reason: unknown) => reason)
    expect(error).toBeInstanceOf(InputError)
    expect((error as InputError).toLine()).toMatch(message)
  })

  it.each([
    ['a parent folder', { location: '../secret' }],
    ['a hidden parent folder', { location: 'x/../../secret' }],
    ['an absolute path', { location: '/etc/passwd' }],
    ['a drive', { location: 'C:/secret' }],
    ['a backslash', { location: '..\\secret' }],
    ['a NUL', { location: 'a\0b' }],
    ['nothing', {}],
    ['memory of the process', { location: '*/_ORT_MEM_ADDR_/*', offset: '-1' }],
    ['a negative offset', { location: 'a', offset: '-1' }],
    ['a length of 2⁵⁰', { location: 'a', length: String(2 ** 50) }],
    ['a fractional offset', { location: 'a', offset: '1.5' }],
    ['a key of its own', { location: 'a', __class__: 'x' }],
  ])('refuses external data at %s', async (_title, entries) => {
    await expect(read(onnxModel(external(entries)))).rejects.toThrow(InputError)
  })

  it('answers damaged files with an InputError or a consistent result', async () => {
    const seed = onnxModel(weight, bias, int4, external({ location: 'model.bin', offset: '64' }))
    await fc.assert(
      fc.asyncProperty(mutationsOf(seed), async (bytes) => {
        const result = await read(bytes).catch((reason: unknown) => reason)
        if (result instanceof Error) return result instanceof InputError
        return Number.isSafeInteger((result as OnnxFile).parameterCount)
      }),
      { numRuns: 2000, seed: 1 },
    )
  })
})
