import { execFileSync } from 'node:child_process'
import { link, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ggufBytes, ggufTensor, rawPair, stringPair, uint32Pair } from '../../test/ggufBytes'
import { concatBytes, uint64Bytes } from '../../test/mutateBytes'
import { onnxModel, onnxTensor } from '../../test/onnxBytes'
import { InputError } from '../core/errors'
import { readModelAt } from './modelFiles'

let root: string
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'headroom-models-'))
})
afterAll(() => rm(root, { recursive: true }))

const config = { model_type: 'llama', hidden_size: 8 }

function safetensors(name: string, count: number): Uint8Array {
  const tensor = { dtype: 'F32', shape: [count], data_offsets: [0, 4 * count] }
  const json = new TextEncoder().encode(JSON.stringify({ [name]: tensor }))
  return concatBytes(uint64Bytes(BigInt(json.length)), json, new Uint8Array(4 * count))
}

/** A fresh folder with these files. */
async function folderWith(files: Readonly<Record<string, string | Uint8Array>>): Promise<string> {
  const folder = await mkdtemp(join(root, 'model-'))
  for (const [name, content] of Object.entries(files)) {
    await mkdir(join(folder, name, '..'), { recursive: true })
    await writeFile(join(folder, name), content)
  }
  return folder
}

const refusalOf = async (path: string): Promise<string> => {
  const error: unknown = await readModelAt(path).catch((reason: unknown) => reason)
  if (!(error instanceof InputError)) throw new Error(`not refused by name: ${String(error)}`)
  return error.toLine()
}

const sharded = {
  'config.json': JSON.stringify(config),
  'model.safetensors.index.json': JSON.stringify({
    metadata: { total_size: 12 },
    weight_map: { a: 'model-1.safetensors', b: 'model-2.safetensors' },
  }),
  'model-1.safetensors': safetensors('a', 1),
  'model-2.safetensors': safetensors('b', 2),
}

describe('readModelAt', () => {
  it('reads a folder of shards and its config.json', async () => {
    const model = await readModelAt(await folderWith(sharded))
    expect(model.config).toEqual(config)
    expect(model.weights).toMatchObject({ format: 'safetensors', parameterCount: 3 })
  })

  it('reads an index, a shard or a config.json on its own', async () => {
    const folder = await folderWith(sharded)
    const read = (name: string) => readModelAt(join(folder, name))
    expect((await read('model.safetensors.index.json')).weights?.parameterCount).toBe(3)
    expect(await read('model-2.safetensors')).toMatchObject({
      config,
      weights: { parameterCount: 2 },
    })
    expect(await read('config.json')).toMatchObject({ config, weights: null })
  })

  it('reads a Hugging Face cache, whose files are links to its blobs', async () => {
    const cache = await folderWith({
      'models--org--name/blobs/1': JSON.stringify(config),
      'models--org--name/blobs/2': safetensors('a', 1),
      'models--org--name/snapshots/main/README.md': '',
    })
    const snapshot = join(cache, 'models--org--name/snapshots/main')
    await symlink('../../blobs/1', join(snapshot, 'config.json'))
    await symlink('../../blobs/2', join(snapshot, 'model.safetensors'))
    expect(await readModelAt(snapshot)).toMatchObject({ config, weights: { parameterCount: 1 } })
  })

  it('reads GGUF, in parts too, and makes its configuration', async () => {
    const part = (index: number, metadata: readonly Uint8Array[]) =>
      ggufBytes({
        metadata: [...metadata, rawPair('split.count', 2, new Uint8Array([2, 0]))],
        tensors: [ggufTensor(`blk.${index}.w`, [8n], 0, 0n)],
        dataBytes: 32,
      })
    const metadata = [
      stringPair('general.architecture', 'llama'),
      uint32Pair('general.file_type', 7),
      uint32Pair('llama.embedding_length', 8),
    ]
    const folder = await folderWith({
      'm-00001-of-00002.gguf': part(0, metadata),
      'm-00002-of-00002.gguf': part(1, []),
    })
    const model = await readModelAt(folder)
    expect(model).toMatchObject({ ggufType: 'Q8_0', weights: { parameterCount: 16 } })
    expect(model.config).toMatchObject({ model_type: 'llama', hidden_size: 8 })
    await rm(join(folder, 'm-00002-of-00002.gguf'))
    expect(await refusalOf(folder)).toMatch(/m-00002-of-00002\.gguf: is not there/)
  })

  it('adds the external data of an ONNX file to its size', async () => {
    const model = onnxModel(
      onnxTensor({ name: 'w', dims: [8n], dataType: 1, external: { location: 'w.bin' } }),
    )
    const folder = await folderWith({ 'm.onnx': model, 'w.bin': new Uint8Array(40) })
    const { weights } = await readModelAt(join(folder, 'm.onnx'))
    expect(weights).toMatchObject({ parameterCount: 8, fileBytes: model.length + 40 })
  })

  it.each([
    ['nothing there', {}, 'missing.gguf', /missing\.gguf: is not there/],
    ['an empty folder', {}, '', /holds neither/],
    ['two models in one folder', { 'a.gguf': '', 'b.gguf': '' }, '', /name the one you mean/],
    ['a PyTorch archive', { 'm.pt': 'PK\u0003\u0004' }, 'm.pt', /zip archive.*never opened/],
    ['a pickle', { 'm.bin': new Uint8Array([0x80, 4, 0x95]) }, 'm.bin', /pickle.*never opened/],
    ['a gzip archive', { 'm.gz': new Uint8Array([0x1f, 0x8b]) }, 'm.gz', /gzip/],
    ['something else', { 'm.txt': 'hello' }, 'm.txt', /no model file/],
    ['a config that is no JSON', { 'config.json': '{' }, 'config.json', /not JSON/],
    ['a config that is a list', { 'config.json': '[]' }, 'config.json', /not an object/],
    [
      'a config nested 5 million deep',
      { 'config.json': '['.repeat(1_000_000) },
      '',
      /nested deeper/,
    ],
    ['a config of 5 MB', { 'config.json': ' '.repeat(5_000_000) }, '', /more than the 4194304/],
    [
      'an index that escapes',
      { 'model.safetensors.index.json': '{"weight_map":{"a":"../x.safetensors"}}' },
      '',
      /is not the name/,
    ],
    [
      'an index of a missing shard',
      { 'model.safetensors.index.json': '{"weight_map":{"a":"x.safetensors"}}' },
      '',
      /x\.safetensors: is not there/,
    ],
  ] as const)('refuses %s in one line', async (_title, files, name, message) => {
    expect(await refusalOf(join(await folderWith(files), name))).toMatch(message)
  })

  it('refuses a shard that is a link to a file outside', async () => {
    const outside = await folderWith({ 'secret.safetensors': safetensors('a', 1) })
    const folder = await folderWith({
      'model.safetensors.index.json': '{"weight_map":{"a":"x.safetensors"}}',
    })
    await symlink(join(outside, 'secret.safetensors'), join(folder, 'x.safetensors'))
    expect(await refusalOf(folder)).toMatch(/leaves the model's folder/)
  })

  it('refuses links that form a circle', async () => {
    const folder = await folderWith({
      'model.safetensors.index.json': '{"weight_map":{"a":"x.safetensors"}}',
    })
    await symlink('x.safetensors', join(folder, 'x.safetensors'))
    expect(await refusalOf(folder)).toMatch(
      /x\.safetensors: cannot be read: its links form a circle/,
    )
  })

  it.runIf(process.platform !== 'win32')(
    'refuses a named pipe without waiting for it',
    async () => {
      const folder = await folderWith({})
      execFileSync('sh', ['-c', 'mkfifo "$0"', join(folder, 'm.gguf')])
      expect(await refusalOf(join(folder, 'm.gguf'))).toMatch(/not a regular file/)
    },
  )

  describe('external data of ONNX', () => {
    const model = onnxModel(
      onnxTensor({ name: 'w', dims: [8n], dataType: 1, external: { location: 'w.bin' } }),
    )
    const refused = async (make: (folder: string, secret: string) => Promise<void>) => {
      const secret = join(await folderWith({ 'secret.bin': new Uint8Array(64) }), 'secret.bin')
      const folder = await folderWith({ 'm.onnx': model })
      await make(folder, secret)
      return refusalOf(join(folder, 'm.onnx'))
    }

    it('refuses a hard link to a file elsewhere', async () => {
      const line = await refused((folder, secret) => link(secret, join(folder, 'w.bin')))
      expect(line).toMatch(/hard link/)
    })

    it('refuses a symbolic link, even to a file beside it', async () => {
      const line = await refused((folder, secret) => symlink(secret, join(folder, 'w.bin')))
      expect(line).toMatch(/not a regular file/)
    })

    it('refuses data that is shorter than the tensors', async () => {
      const line = await refused((folder) => writeFile(join(folder, 'w.bin'), new Uint8Array(31)))
      expect(line).toMatch(/needs 32 bytes of w\.bin, which has 31/)
    })

    it('refuses a folder and a missing file', async () => {
      expect(await refused((folder) => mkdir(join(folder, 'w.bin')))).toMatch(/not a regular file/)
      expect(await refused(() => Promise.resolve())).toMatch(/w\.bin: is not there/)
    })
  })
})
