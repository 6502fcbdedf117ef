import { readdir, stat } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { InputError } from '../core/errors'
import { type ByteSource, corruptFile } from '../core/models/byteSource'
import { ggufConfig, ggufTypeOf } from '../core/models/ggufConfig'
import { readSplitGguf } from '../core/models/ggufSplit'
import { isRecord, scanJson } from '../core/models/jsonHeader'
import type { ModelFile } from '../core/models/modelFile'
import type { ModelOnDisk } from '../core/models/modelOnDisk'
import { readOnnxHeader } from '../core/models/onnxHeader'
import { readSafetensors } from '../core/models/safetensors'
import { readShardedSafetensors } from '../core/models/safetensorsIndex'
import { externalFileBytes, fileByteSource, siblingByteSource } from './fileByteSource'

/** The largest config.json seen, with one entry per layer and expert, has 200 kB. */
const maxConfigBytes = 4 * 1024 * 1024
/** Configurations nest five levels at most. */
const maxConfigDepth = 32
const indexName = 'model.safetensors.index.json'

/**
 * What `--model PATH` means: a model folder, a config.json, or a .safetensors, .gguf or .onnx file.
 * Only headers are read. Throws InputError that names the file and the field.
 */
export async function readModelAt(path: string): Promise<ModelOnDisk> {
  return (await isFolder(path)) ? readFolder(path) : readFile(path)
}

async function isFolder(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory()
  } catch {
    // Missing or unreadable: opening it as a file says which.
    return false
  }
}

async function readFolder(folder: string): Promise<ModelOnDisk> {
  const name = basename(folder)
  const entries = new Set(await readdir(folder))
  const config = entries.has('config.json') ? await readConfig(folder) : null
  if (entries.has(indexName)) {
    const index = await siblingByteSource(folder, indexName)
    const weights = await readShardedSafetensors(index, (shard) => siblingByteSource(folder, shard))
    return { name, config, weights, ggufType: null }
  }
  const candidates = [...entries].filter((entry) => isWeights(entry)).toSorted()
  const [only, second] = candidates
  if (second !== undefined) {
    throw new InputError({
      code: 'UNSUPPORTED',
      file: name,
      message: `holds ${candidates.length} weight files without an index (${only}, ${second}, …); name the one you mean`,
    })
  }
  if (only !== undefined) {
    return { ...(await readWeights(folder, only)), name, ...(config ? { config } : {}) }
  }
  if (config === null) {
    throw new InputError({
      code: 'NOT_FOUND',
      file: name,
      message: 'holds neither config.json nor .safetensors, .gguf or .onnx files',
    })
  }
  return { name, config, weights: null, ggufType: null }
}

/** Whole files, and the first of several parts. */
function isWeights(name: string): boolean {
  if (/-\d{5}-of-\d{5}\.gguf$/.test(name)) return name.includes('-00001-of-')
  return /\.(safetensors|gguf|onnx)$/.test(name)
}

async function readFile(path: string): Promise<ModelOnDisk> {
  const name = basename(path)
  const folder = dirname(path)
  if (name.endsWith('.index.json')) {
    const index = await fileByteSource(path)
    const weights = await readShardedSafetensors(index, (shard) => siblingByteSource(folder, shard))
    return { name, config: await siblingConfig(folder), weights, ggufType: null }
  }
  if (name.endsWith('.json')) {
    const config = await parseConfig(await fileByteSource(path))
    return { name, config, weights: null, ggufType: null }
  }
  const model = await readWeights(folder, name)
  const isLlamaCpp = model.weights?.format === 'gguf'
  return isLlamaCpp ? model : { ...model, config: await siblingConfig(folder) }
}

async function readWeights(folder: string, name: string): Promise<ModelOnDisk> {
  const source = await fileByteSource(join(folder, name))
  if (name.endsWith('.safetensors')) {
    return { name, config: null, weights: await readSafetensors(source), ggufType: null }
  }
  if (name.endsWith('.gguf')) {
    const weights = await readSplitGguf(source, (part) => siblingByteSource(folder, part))
    return { name, config: ggufConfig(weights, name), weights, ggufType: ggufTypeOf(weights) }
  }
  if (name.endsWith('.onnx')) {
    return { name, config: null, weights: await readOnnx(folder, source), ggufType: null }
  }
  throw await unknownFormat(source)
}

async function readOnnx(folder: string, source: ByteSource): Promise<ModelFile> {
  const file = await readOnnxHeader(source)
  let { fileBytes } = file
  for (const { location, neededBytes } of file.externalFiles) {
    const sizeBytes = await externalFileBytes(folder, location)
    if (sizeBytes < neededBytes) {
      throw corruptFile(
        source,
        'external_data',
        `needs ${neededBytes} bytes of ${location}, which has ${sizeBytes}`,
      )
    }
    fileBytes += sizeBytes
  }
  return { ...file, fileBytes }
}

async function siblingConfig(folder: string): Promise<ModelOnDisk['config']> {
  const entries = await readdir(folder)
  return entries.includes('config.json') ? readConfig(folder) : null
}

async function readConfig(folder: string): Promise<Readonly<Record<string, unknown>>> {
  return parseConfig(await siblingByteSource(folder, 'config.json'))
}

async function parseConfig(source: ByteSource): Promise<Readonly<Record<string, unknown>>> {
  if (source.sizeBytes > maxConfigBytes) {
    throw new InputError({
      code: 'FILE_TOO_LARGE',
      file: source.name,
      message: `has ${source.sizeBytes} bytes, more than the ${maxConfigBytes} of any configuration`,
    })
  }
  const bytes = await source.read(0, source.sizeBytes)
  if (scanJson(bytes, maxConfigDepth).depth > maxConfigDepth) {
    throw new InputError({
      code: 'FILE_CORRUPT',
      file: source.name,
      message: `is nested deeper than ${maxConfigDepth} levels`,
    })
  }
  let config: unknown
  try {
    config = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
  } catch {
    throw new InputError({
      code: 'FILE_CORRUPT',
      file: source.name,
      message: 'is not JSON in UTF-8',
    })
  }
  if (!isRecord(config)) {
    throw new InputError({
      code: 'FILE_CORRUPT',
      file: source.name,
      message: 'is not an object of fields, as a config.json is',
    })
  }
  return config
}

/** First bytes of formats that are never opened, because opening them can run code or fill a disk. */
const refusedFormats: readonly (readonly [magic: readonly number[], what: string])[] = [
  [[0x50, 0x4b], 'a zip archive (PyTorch .pt, .npz)'],
  [[0x80], 'a Python pickle'],
  [[0x1f, 0x8b], 'a gzip archive'],
]

async function unknownFormat(source: ByteSource): Promise<InputError> {
  const bytes = await source.read(0, Math.min(4, source.sizeBytes))
  const found = refusedFormats.find(([magic]) => magic.every((byte, at) => bytes[at] === byte))
  const what = found ? `is ${found[1]}, which is never opened` : 'is no model file that is known'
  return new InputError({
    code: 'UNSUPPORTED',
    file: source.name,
    message: `${what}; give config.json, .safetensors, .gguf or .onnx`,
  })
}
