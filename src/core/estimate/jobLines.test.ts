import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { architectureFromConfig } from '../models/huggingFaceConfig'
import { answerJobLine } from './jobLines'

const config = {
  model_type: 'llama',
  hidden_size: 64,
  intermediate_size: 128,
  num_hidden_layers: 2,
  num_attention_heads: 4,
  vocab_size: 100,
}
const line = (job: object) => JSON.stringify({ id: 'a1', task: 'train', model: { config }, ...job })

describe('answerJobLine', () => {
  it('answers a job with its estimate, under its id', async () => {
    const answer = await answerJobLine(line({}))
    expect(answer).toMatchObject({ schema: 'headroom/estimate/1', id: 'a1', verdict: null })
  })

  it.each([
    [line({ batchSize: 0 }), { code: 'INVALID_VALUE', path: 'batchSize' }],
    [line({ batchSize: -1 }), { code: 'INVALID_VALUE', path: 'batchSize' }],
    [line({ sequenceLength: 1e308 }), { code: 'INVALID_VALUE', path: 'sequenceLength' }],
    [line({ speed: 3 }), { code: 'UNKNOWN_FIELD', path: 'speed' }],
    [
      line({ model: { config: { ...config, num_hidden_layers: 1e9 } } }),
      { code: 'INVALID_VALUE', path: 'model.config.num_hidden_layers' },
    ],
    [
      line({ model: { config: { ...config, vocab_size: undefined } } }),
      { code: 'MISSING_FIELD', path: 'model.config.vocab_size' },
    ],
    [line({ model: { path: 'x' } }), { code: 'UNSUPPORTED', path: 'model.path' }],
  ])('puts an error into the place of %s', async (bad, error) => {
    expect(await answerJobLine(bad)).toMatchObject({ id: 'a1', error })
  })

  it.each(['', '{', 'null', '[]', '7', '{"__proto__":{"task":"train"}}'])(
    'answers %j with an error as well',
    async (bad) => expect(await answerJobLine(bad)).toHaveProperty('error'),
  )

  it('asks the host for a model that is named by its path', async () => {
    const read = async (path: string) => ({
      architecture: architectureFromConfig(config),
      fileBytes: path.length,
    })
    const answer = await answerJobLine(line({ model: { path: '/m' } }), read)
    expect(answer).toMatchObject({ fileBytes: 2 })
  })

  it('answers any text', async () => {
    await fc.assert(
      fc.asyncProperty(fc.oneof(fc.string(), fc.json()), async (text) => {
        expect(await answerJobLine(text)).toHaveProperty('error.message')
      }),
    )
  })
})

describe('quantization that a job leaves out', () => {
  it('is the one that the config stores', async () => {
    const quantized = {
      ...config,
      quantization_config: { quant_method: 'gptq', bits: 4, group_size: 128 },
    }
    const infer = line({ task: 'infer', model: { config: quantized } })
    const answer = await answerJobLine(infer)
    expect(JSON.stringify(answer)).toMatch(/as the config stores them: gptq/)
    const full = await answerJobLine(line({ model: { config: quantized } }))
    expect(full).toMatchObject({ error: { path: 'method' } })
  })

  it('is nf4 under QLoRA, and said', async () => {
    const answer = await answerJobLine(line({ method: { type: 'qlora' } }))
    expect(JSON.stringify(answer)).toMatch(/nf4 with double quantization/)
  })
})
