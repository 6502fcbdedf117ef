import { expect, it } from 'vitest'
import { decoderFromConfig } from './decoderConfig'

const gpt2 = { model_type: 'gpt2', vocab_size: 50_257, n_layer: 12, n_head: 12, n_embd: 768 }
const llama = {
  model_type: 'llama',
  vocab_size: 32_000,
  hidden_size: 2048,
  intermediate_size: 5632,
  num_hidden_layers: 22,
  num_attention_heads: 32,
  num_key_value_heads: 4,
  max_position_embeddings: 2048,
  rms_norm_eps: 1e-6,
  rope_theta: 50_000,
}

it('reads GPT-2: learned positions, LayerNorm, GELU, biases, a tied head', () => {
  expect(decoderFromConfig('gpt2', { ...gpt2, n_positions: 1024 })).toEqual({
    name: 'gpt2',
    vocabSize: 50_257,
    hiddenSize: 768,
    numHiddenLayers: 12,
    numAttentionHeads: 12,
    numKeyValueHeads: 12,
    intermediateSize: 3072,
    maxPositionEmbeddings: 1024,
    hiddenAct: 'gelu',
    normalization: 'layerNorm',
    normEpsilon: 1e-5,
    positions: { type: 'learned' },
    bias: true,
    tieWordEmbeddings: true,
  })
})

it('reads Llama: rotary positions, RMSNorm, SwiGLU, grouped heads, a head of its own', () => {
  expect(decoderFromConfig('tiny', llama)).toMatchObject({
    numKeyValueHeads: 4,
    hiddenAct: 'silu',
    normalization: 'rmsNorm',
    normEpsilon: 1e-6,
    positions: { type: 'rotary', theta: 50_000 },
    bias: false,
    tieWordEmbeddings: false,
  })
})

it('ends at the window of a sliding attention, within which it is an ordinary one', () => {
  const mistral = { ...llama, model_type: 'mistral', sliding_window: 1024 }
  expect(decoderFromConfig('m', mistral).maxPositionEmbeddings).toBe(1024)
})

it.each([
  [{ ...llama, model_type: 'bert' }, 'model_type'],
  [{ ...llama, model_type: 'mine' }, 'model_type'],
  [{ ...llama, model_type: 'mixtral', num_local_experts: 8 }, 'num_experts'],
  [{ ...llama, model_type: 'qwen3', head_dim: 128 }, 'model_type'],
  [{ ...llama, head_dim: 128 }, 'head_dim'],
  [{ ...llama, hidden_act: 'relu' }, 'hidden_act'],
  [{ ...llama, model_type: 'qwen2' }, 'attention_bias'],
])('refuses by its field what is not built: %j', (config, field) => {
  expect(() => decoderFromConfig('x', config)).toThrow(
    expect.objectContaining({ path: `model.config.${field}` }),
  )
})
