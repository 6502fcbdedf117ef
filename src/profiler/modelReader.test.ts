import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ggufBytes, ggufTensor, stringPair, uint32Pair } from '../../test/ggufBytes'
import { onnxModel, onnxTensor } from '../../test/onnxBytes'
import { writeShardedLlama } from '../../test/shardedModel'
import { InputError } from '../core/errors'
import { estimateMemory } from '../core/estimate/estimateMemory'
import { parseJob } from '../core/estimate/job'
import { answerJobLine } from '../core/estimate/jobLines'
import { createModelReader } from './modelReader'

let root: string
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'headroom-reader-'))
})
afterAll(() => rm(root, { recursive: true }))

async function fileAt(name: string, content: string | Uint8Array): Promise<string> {
  const path = join(root, name)
  await mkdir(join(path, '..'), { recursive: true })
  await writeFile(path, content)
  return path
}

const small = {
  model_type: 'llama',
  hidden_size: 64,
  intermediate_size: 128,
  num_hidden_layers: 2,
  num_attention_heads: 4,
  num_key_value_heads: 4,
  vocab_size: 100,
}
/** 2 × 100 × 64 + 2 × (4 × 64² + 3 × 64 × 128 + 2 × 64) + 64 */
const smallCount = 95_040

const estimateAt = async (path: string, job: object = {}) => {
  const model = await createModelReader([root])(path)
  return estimateMemory(parseJob({ task: 'train', model: { path }, ...job }), { model })
}

const refusalOf = async (path: string, job: object = {}): Promise<string> => {
  const error: unknown = await estimateAt(path, job).catch((reason: unknown) => reason)
  if (!(error instanceof InputError)) throw new Error(`not refused by name: ${String(error)}`)
  return error.toLine()
}

describe('createModelReader', () => {
  it('reads a config.json, which has no file size of weights', async () => {
    const path = await fileAt('plain/config.json', JSON.stringify(small))
    expect(await estimateAt(path)).toMatchObject({ parameterCount: smallCount, fileBytes: null })
  })

  it('reads a folder of shards by a relative path, and their size', async () => {
    await mkdir(join(root, 'sharded'))
    await writeShardedLlama(join(root, 'sharded'), small, 3)
    const estimate = await estimateAt('sharded')
    expect(estimate.parameterCount).toBe(smallCount)
    expect(estimate.fileBytes).toBeGreaterThan(2 * smallCount)
    expect(estimate.assumptions.join()).not.toMatch(/elements/)
  })

  it('says where weights and configuration are of different models', async () => {
    await mkdir(join(root, 'other'))
    await writeShardedLlama(join(root, 'other'), small, 2)
    const deeper = { ...small, num_hidden_layers: 3 }
    await fileAt('other/config.json', JSON.stringify(deeper))
    expect((await estimateAt('other')).assumptions.join()).toMatch(
      /the weights have 95040 elements, the configuration means \d+ parameters/,
    )
  })

  it('takes GPTQ from the quantization_config', async () => {
    const quantization_config = { quant_method: 'gptq', bits: 4, group_size: 32 }
    const path = await fileAt('gptq/config.json', JSON.stringify({ ...small, quantization_config }))
    const { assumptions } = await estimateAt(path, { task: 'infer' })
    expect(assumptions.join()).toMatch(/gptq/)
    expect(await refusalOf(path)).toMatch(/^method: the model is stored as gptq/)
  })

  it('counts the weights of a GGUF file as it stores them, whatever its mixture is called', async () => {
    // Two blocks of 32 weights in Q8_0: 34 bytes each.
    const path = await fileAt(
      'm.gguf',
      ggufBytes({
        metadata: [
          stringPair('general.architecture', 'llama'),
          uint32Pair('general.file_type', 7),
          uint32Pair('llama.embedding_length', 64),
          uint32Pair('llama.block_count', 2),
          uint32Pair('llama.feed_forward_length', 128),
          uint32Pair('llama.attention.head_count', 4),
          uint32Pair('llama.vocab_size', 100),
        ],
        tensors: [ggufTensor('blk.0.w', [64n], 8, 0n)],
        dataBytes: 68,
      }),
    )
    const { terms, parameterCount, fileBytes, assumptions } = await estimateAt(path, {
      task: 'infer',
    })
    expect(terms.weightsBytes / parameterCount).toBeCloseTo(34 / 32, 12)
    expect(fileBytes).toBeGreaterThan(68)
    expect(assumptions.join()).toMatch(/GGUF file stores them: Q8_0, 8\.50 bits each/)
  })

  it('gives a floor for an ONNX file, which can only tell that it does not fit', async () => {
    const bytes = onnxModel(onnxTensor({ name: 'w', dims: [8n], dataType: 1, rawBytes: 32 }))
    const path = await fileAt('m.onnx', bytes)
    const floor = await estimateAt(path, { task: 'infer', gpu: 't4' })
    expect(floor).toMatchObject({
      tensorsPeakBytes: 32,
      fileBytes: bytes.length,
      verdict: 'tooCloseToCall',
    })
    expect(floor.assumptions.join()).toMatch(/a floor/)
    expect(await refusalOf(path)).toMatch(/^m\.onnx: task: .*give config\.json/)
  })

  it.each([
    ['missing/config.json', null, /^config\.json: is not there/],
    ['c/config.json', '{"model_type":"llama"}', /^config\.json: hidden_size: is missing/],
    [
      'n/config.json',
      JSON.stringify({ ...small, num_hidden_layers: 1e9 }),
      /^config\.json: num_hidden_layers: 1000000000 is not accepted/,
    ],
    ['v.safetensors', '\u0002\0\0\0\0\0\0\0{}', /^v\.safetensors: tensors: there are none/],
    ['b/config.json', '{"hidden_size": NaN}', /^config\.json: is not JSON/],
    ['p/config.json', '{"__proto__":{"hidden_size":8}}', /^config\.json: hidden_size: is missing/],
  ])('refuses %s by file and field', async (name, content, line) => {
    const path = content === null ? name : await fileAt(name, content)
    expect(await refusalOf(path)).toMatch(line)
  })

  it('reads a model once, and does not try again what could not be read', async () => {
    const path = await fileAt('once/config.json', JSON.stringify(small))
    const read = createModelReader([root])
    const first = await read(path)
    await rm(path)
    expect(await read(path)).toBe(first)
    const missing = read('nowhere')
    expect(read('nowhere')).toBe(missing)
    await expect(missing).rejects.toThrow('is not there')
  })

  it('puts the file of an error into the place of its job', async () => {
    const line = JSON.stringify({ id: 'x', task: 'train', model: { path: 'nowhere.gguf' } })
    expect(await answerJobLine(line, createModelReader([root]))).toEqual({
      id: 'x',
      error: { code: 'NOT_FOUND', path: null, message: 'nowhere.gguf: is not there' },
    })
  })
})
