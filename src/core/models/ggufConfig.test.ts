import { describe, expect, it } from 'vitest'
import { arrayPair, ggufBytes, ggufTensor, stringPair, uint32Pair } from '../../../test/ggufBytes'
import { uint32Bytes } from '../../../test/mutateBytes'
import { byteSourceOf } from './byteSource'
import { readGguf } from './gguf'
import { ggufConfig, ggufTypeOf } from './ggufConfig'

interface Tensors {
  readonly [name: string]: readonly bigint[]
}

async function configOf(pairs: readonly Uint8Array[], tensors: Tensors) {
  let offset = 0n
  const entries = Object.entries(tensors).map(([name, dimensions]) => {
    const entry = ggufTensor(name, dimensions, 0, offset)
    // Dimensions below are multiples of 8, so F32 rows keep the alignment of 32 bytes.
    offset += dimensions.reduce((product, dimension) => product * dimension, 4n)
    return entry
  })
  const bytes = ggufBytes({ metadata: pairs, tensors: entries, dataBytes: Number(offset) })
  const file = await readGguf(byteSourceOf('m.gguf', bytes))
  return { config: ggufConfig(file, 'm.gguf'), type: ggufTypeOf(file) }
}

const llama = [
  stringPair('general.architecture', 'llama'),
  uint32Pair('general.file_type', 15),
  uint32Pair('llama.embedding_length', 8),
  uint32Pair('llama.block_count', 2),
  uint32Pair('llama.feed_forward_length', 24),
  uint32Pair('llama.attention.head_count', 4),
  uint32Pair('llama.attention.head_count_kv', 2),
  uint32Pair('llama.context_length', 4096),
]

describe('ggufConfig', () => {
  it('gives a llama the fields of its config.json, the vocabulary from the embedding', async () => {
    const tensors = { 'token_embd.weight': [8n, 32n], 'output.weight': [8n, 32n] }
    const { config, type } = await configOf(llama, tensors)
    expect(config).toEqual({
      model_type: 'llama',
      hidden_size: 8,
      num_hidden_layers: 2,
      intermediate_size: 24,
      num_attention_heads: 4,
      num_key_value_heads: 2,
      max_position_embeddings: 4096,
      vocab_size: 32,
      tie_word_embeddings: false,
      attention_bias: false,
    })
    expect(type).toBe('Q4_K_M')
  })

  it('ties the output to the embedding where it has no matrix of its own', async () => {
    const { config } = await configOf(llama, { 'token_embd.weight': [8n, 32n] })
    expect(config['tie_word_embeddings']).toBe(true)
  })

  it('calls a llama with experts a mixtral', async () => {
    const experts = [uint32Pair('llama.expert_count', 8), uint32Pair('llama.expert_used_count', 2)]
    const { config } = await configOf([...llama, ...experts], { 'token_embd.weight': [8n, 32n] })
    expect(config).toMatchObject({
      model_type: 'mixtral',
      num_local_experts: 8,
      num_experts_per_tok: 2,
    })
  })

  it('splits the latent heads of DeepSeek-V3 and knows it by its router', async () => {
    const deepseek = [
      stringPair('general.architecture', 'deepseek2'),
      uint32Pair('deepseek2.embedding_length', 7168),
      uint32Pair('deepseek2.block_count', 61),
      uint32Pair('deepseek2.attention.head_count', 128),
      uint32Pair('deepseek2.attention.head_count_kv', 1),
      uint32Pair('deepseek2.attention.key_length', 576),
      uint32Pair('deepseek2.attention.key_length_mla', 192),
      uint32Pair('deepseek2.attention.value_length_mla', 128),
      uint32Pair('deepseek2.attention.q_lora_rank', 1536),
      uint32Pair('deepseek2.attention.kv_lora_rank', 512),
      uint32Pair('deepseek2.rope.dimension_count', 64),
      uint32Pair('deepseek2.leading_dense_block_count', 3),
      uint32Pair('deepseek2.expert_count', 256),
      uint32Pair('deepseek2.expert_used_count', 8),
      uint32Pair('deepseek2.expert_shared_count', 1),
      uint32Pair('deepseek2.expert_feed_forward_length', 2048),
    ]
    const tensors = { 'token_embd.weight': [8n, 32n], 'blk.3.exp_probs_b.bias': [8n] }
    const { config } = await configOf(deepseek, tensors)
    expect(config).toMatchObject({
      model_type: 'deepseek_v3',
      qk_rope_head_dim: 64,
      qk_nope_head_dim: 192 - 64,
      v_head_dim: 128,
      num_key_value_heads: 128,
      n_routed_experts: 256,
      n_shared_experts: 1,
      moe_intermediate_size: 2048,
      first_k_dense_replace: 3,
    })
    expect(config).not.toHaveProperty('head_dim')
  })

  it('takes a per-layer list for one number only where its entries agree', async () => {
    const heads = (counts: readonly number[]) => [
      stringPair('general.architecture', 'x'),
      arrayPair('x.attention.head_count', 4, counts.map(uint32Bytes)),
    ]
    const tensors = { 'token_embd.weight': [8n, 32n] }
    expect((await configOf(heads([4, 4]), tensors)).config).toMatchObject({
      num_attention_heads: 4,
    })
    await expect(configOf(heads([4, 2]), tensors)).rejects.toThrow(/not one number for all layers/)
  })

  it('refuses a file that does not name its architecture', async () => {
    await expect(configOf([], {})).rejects.toThrow(/config\.json/)
  })
})
