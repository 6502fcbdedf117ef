import { describe, expect, it } from 'vitest'
import { architectureFromConfig } from './huggingFaceConfig'
import { parameterCount } from './layerShape'

/** Published configs, cut to the fields that count; the figures are those of the published weights. */
const published: readonly (readonly [string, number, Readonly<Record<string, unknown>>])[] = [
  [
    'Llama-2-7b',
    6_738_415_616,
    {
      model_type: 'llama',
      vocab_size: 32000,
      hidden_size: 4096,
      intermediate_size: 11008,
      num_hidden_layers: 32,
      num_attention_heads: 32,
    },
  ],
  [
    'Meta-Llama-3.1-8B',
    8_030_261_248,
    {
      model_type: 'llama',
      vocab_size: 128256,
      hidden_size: 4096,
      intermediate_size: 14336,
      num_hidden_layers: 32,
      num_attention_heads: 32,
      num_key_value_heads: 8,
    },
  ],
  [
    'Qwen2.5-7B',
    7_615_616_512,
    {
      model_type: 'qwen2',
      vocab_size: 152064,
      hidden_size: 3584,
      intermediate_size: 18944,
      num_hidden_layers: 28,
      num_attention_heads: 28,
      num_key_value_heads: 4,
    },
  ],
  [
    'Mixtral-8x7B',
    46_702_792_704,
    {
      model_type: 'mixtral',
      vocab_size: 32000,
      hidden_size: 4096,
      intermediate_size: 14336,
      num_hidden_layers: 32,
      num_attention_heads: 32,
      num_key_value_heads: 8,
      num_local_experts: 8,
      num_experts_per_tok: 2,
    },
  ],
  [
    'gpt2',
    124_439_808,
    {
      model_type: 'gpt2',
      vocab_size: 50257,
      n_positions: 1024,
      n_embd: 768,
      n_layer: 12,
      n_head: 12,
    },
  ],
  [
    'opt-125m',
    125_239_296,
    {
      model_type: 'opt',
      vocab_size: 50272,
      hidden_size: 768,
      ffn_dim: 3072,
      num_hidden_layers: 12,
      num_attention_heads: 12,
      max_position_embeddings: 2048,
      word_embed_proj_dim: 768,
    },
  ],
  [
    'opt-350m, whose embedding is narrower than the model',
    331_196_416,
    {
      model_type: 'opt',
      vocab_size: 50272,
      hidden_size: 1024,
      ffn_dim: 4096,
      num_hidden_layers: 24,
      num_attention_heads: 16,
      max_position_embeddings: 2048,
      word_embed_proj_dim: 512,
      do_layer_norm_before: false,
    },
  ],
  [
    'falcon-7b',
    6_921_720_704,
    {
      model_type: 'falcon',
      vocab_size: 65024,
      hidden_size: 4544,
      num_hidden_layers: 32,
      num_attention_heads: 71,
      multi_query: true,
      parallel_attn: true,
    },
  ],
  [
    'gemma-2-2b',
    2_614_341_888,
    {
      model_type: 'gemma2',
      vocab_size: 256000,
      hidden_size: 2304,
      intermediate_size: 9216,
      num_hidden_layers: 26,
      num_attention_heads: 8,
      num_key_value_heads: 4,
      head_dim: 256,
    },
  ],
  [
    'Phi-3-mini-4k',
    3_821_079_552,
    {
      model_type: 'phi3',
      vocab_size: 32064,
      hidden_size: 3072,
      intermediate_size: 8192,
      num_hidden_layers: 32,
      num_attention_heads: 32,
    },
  ],
  [
    't5-base',
    222_903_552,
    {
      model_type: 't5',
      vocab_size: 32128,
      d_model: 768,
      d_kv: 64,
      d_ff: 3072,
      num_layers: 12,
      num_heads: 12,
    },
  ],
]

describe('parameterCount', () => {
  it.each(published)('counts %s exactly', (_name, count, config) => {
    expect(parameterCount(architectureFromConfig(config))).toBe(count)
  })
})
