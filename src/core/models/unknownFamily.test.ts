import { describe, expect, it } from 'vitest'
import { estimateMemory } from '../estimate/estimateMemory'
import { parseJob } from '../estimate/job'
import { architectureFromConfig } from './huggingFaceConfig'
import { parameterCount } from './layerShape'

const sizes = {
  model_type: 'brand_new',
  hidden_size: 64,
  num_hidden_layers: 2,
  num_attention_heads: 4,
  intermediate_size: 128,
  vocab_size: 1000,
}

/** Parameters of one layer with the given matrices: width 64, inner width 128. */
const attention = 4 * 64 * 64

describe('a model_type that is not known', () => {
  it('is read like llama, and says so', () => {
    const a = architectureFromConfig(sizes)
    expect(a.assumptions).toEqual([
      'model_type "brand_new" is not known: estimated as one like llama from its usual fields',
    ])
    // Three matrices of 64 × 128, two norms; embedding and head apart, a final norm.
    const layer = attention + 3 * 64 * 128 + 2 * 64
    expect(parameterCount(a)).toBe(2 * layer + 2 * 1000 * 64 + 64)
  })

  it('has a plain MLP where its activation has no gate', () => {
    const a = architectureFromConfig({ ...sizes, hidden_act: 'relu2' })
    expect(a.mlp.gated).toBe(false)
    expect(parameterCount(a)).toBe(2 * (attention + 2 * 64 * 128 + 2 * 64) + 2 * 1000 * 64 + 64)
  })

  it('has a LayerNorm with bias where the config gives that one’s ε', () => {
    const a = architectureFromConfig({ ...sizes, layer_norm_eps: 1e-5 })
    expect(a.norm).toEqual({ type: 'layerNorm', weight: true, bias: true, final: true })
  })

  it.each([
    ['gpt2', { n_embd: 64, n_positions: 32, n_layer: 2, n_head: 4 }],
    ['bert', { type_vocab_size: 2, max_position_embeddings: 32 }],
    ['bart', { encoder_layers: 2, decoder_layers: 2, max_position_embeddings: 32 }],
  ])('is read like %s by the fields that only such a config has', (name, fields) => {
    const a = architectureFromConfig({ ...sizes, ...fields })
    expect(a.assumptions[0]).toContain(`one like ${name} `)
  })

  it('gets the wide interval of what is not known', () => {
    const job = { task: 'train', model: { config: sizes } }
    const { tensorsPeakBytes, tensorsIntervalBytes } = estimateMemory(parseJob(job))
    const [low, high] = tensorsIntervalBytes
    expect((high - low) / tensorsPeakBytes).toBeGreaterThan(0.1)
  })
})

describe('a model that would be estimated as something it is not', () => {
  it.each([
    [{ ...sizes, model_type: 'albert' }, 'model.config.model_type'],
    [{ ...sizes, layer_types: ['full_attention', 'mamba'] }, 'model.config.layer_types'],
  ])('is refused by the field that says so', (config, path) => {
    expect(() => architectureFromConfig(config)).toThrow(expect.objectContaining({ path }))
  })
})
