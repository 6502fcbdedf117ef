import { InputError } from '../errors'
import type { GgufFile } from './gguf'
import type { GgufValue } from './ggufMetadata'
import { ggufFileTypes } from './ggmlTypes'

/**
 * What a GGUF header says, in the fields of the Hugging Face config.json that the file was converted
 * from, so that one reader of configurations serves both. Fields that the header lacks are left out.
 */

/** Where the architecture's GGUF name and its Hugging Face model_type differ. */
const modelTypes: Readonly<Record<string, string>> = {
  gptneox: 'gpt_neox',
  gemma3: 'gemma3_text',
  phi2: 'phi',
  qwen2moe: 'qwen2_moe',
  qwen3moe: 'qwen3_moe',
  'command-r': 'cohere',
  'gpt-oss': 'gpt_oss',
}

/** Families whose configurations count their experts as `num_local_experts`. */
const localExpertTypes: readonly string[] = ['mixtral', 'gpt_oss', 'phimoe']

type Config = Record<string, unknown>

/**
 * Equivalent config.json of a GGUF file.
 * Throws InputError where `general.architecture` is missing or a field differs from layer to layer.
 */
export function ggufConfig(file: GgufFile, fileName: string): Readonly<Record<string, unknown>> {
  const architecture = file.values.get('general.architecture')
  if (typeof architecture !== 'string') {
    throw new InputError({
      code: 'MISSING_FIELD',
      file: fileName,
      path: 'general.architecture',
      message: "is missing; give the model's config.json instead",
    })
  }
  const fields = new GgufFields(file, fileName, architecture)
  const modelType = modelTypeOf(architecture, fields)
  const config: Config = {
    model_type: modelType,
    ...(modelType === 'gpt2' ? gpt2Fields(fields) : commonFields(fields)),
    ...expertFields(fields, modelType),
    ...(modelType.startsWith('deepseek') ? latentAttentionFields(fields) : {}),
    ...(modelType === 'falcon' ? falconFields(fields) : {}),
  }
  return Object.fromEntries(Object.entries(config).filter(([, value]) => value !== null))
}

/** The mixture that most of the tensors follow (`Q4_K_M`), or null where the file does not say. */
export function ggufTypeOf(file: GgufFile): string | null {
  const id = file.values.get('general.file_type')
  return typeof id === 'number' ? (ggufFileTypes.get(id) ?? null) : null
}

class GgufFields {
  private readonly names: ReadonlySet<string>

  constructor(
    private readonly file: GgufFile,
    private readonly fileName: string,
    private readonly architecture: string,
  ) {
    this.names = new Set(file.tensors.map(({ name }) => name))
  }

  hasTensor(name: string): boolean {
    return this.names.has(name)
  }

  /** Only DeepSeek-V3's router stores a correction for each expert. */
  hasRouterCorrection(): boolean {
    const firstRouted = this.number('leading_dense_block_count') ?? 0
    return this.hasTensor(`blk.${firstRouted}.exp_probs_b.bias`)
  }

  shapeOf(name: string): readonly number[] | null {
    return this.file.tensors.find((tensor) => tensor.name === name)?.shape ?? null
  }

  /** A number under the architecture's prefix; null where it is missing. */
  number(key: string): number | null {
    const path = `${this.architecture}.${key}`
    const value = this.file.values.get(path)
    if (value === undefined) return null
    if (typeof value === 'number') return value
    if (typeof value === 'bigint') return Number(value)
    const [first, ...others] = arrayNumbers(value) ?? []
    if (first !== undefined && others.every((other) => other === first)) return first
    throw new InputError({
      code: 'UNSUPPORTED',
      file: this.fileName,
      path,
      message: 'is not one number for all layers; models whose layers differ are not modelled',
    })
  }

  boolean(key: string): boolean | null {
    const value = this.file.values.get(`${this.architecture}.${key}`)
    return typeof value === 'boolean' ? value : null
  }
}

function arrayNumbers(value: GgufValue): readonly number[] | null {
  if (typeof value !== 'object' || value.values === null) return null
  const numbers = value.values.filter((item) => typeof item === 'number')
  return numbers.length === value.length ? numbers : null
}

function modelTypeOf(architecture: string, fields: GgufFields): string {
  if (architecture === 'llama' && (fields.number('expert_count') ?? 0) > 0) return 'mixtral'
  if (architecture === 'deepseek2') {
    return fields.hasRouterCorrection() ? 'deepseek_v3' : 'deepseek_v2'
  }
  return Object.entries(modelTypes).find(([name]) => name === architecture)?.[1] ?? architecture
}

function commonFields(fields: GgufFields): Config {
  const slidingWindow = fields.number('attention.sliding_window')
  return {
    hidden_size: fields.number('embedding_length'),
    num_hidden_layers: fields.number('block_count'),
    intermediate_size: fields.number('feed_forward_length'),
    num_attention_heads: fields.number('attention.head_count'),
    num_key_value_heads: fields.number('attention.head_count_kv'),
    head_dim: fields.number('attention.key_length'),
    max_position_embeddings: fields.number('context_length'),
    sliding_window: slidingWindow === 0 ? null : slidingWindow,
    vocab_size: vocabSizeOf(fields),
    tie_word_embeddings: !fields.hasTensor('output.weight'),
    attention_bias:
      fields.hasTensor('blk.0.attn_q.bias') || fields.hasTensor('blk.0.attn_qkv.bias'),
    use_parallel_residual: fields.boolean('use_parallel_residual'),
  }
}

function gpt2Fields(fields: GgufFields): Config {
  return {
    n_embd: fields.number('embedding_length'),
    n_layer: fields.number('block_count'),
    n_inner: fields.number('feed_forward_length'),
    n_head: fields.number('attention.head_count'),
    n_positions: fields.number('context_length'),
    vocab_size: vocabSizeOf(fields),
    tie_word_embeddings: !fields.hasTensor('output.weight'),
  }
}

/** Rows of the embedding, which padding may have made more than the tokenizer's tokens. */
function vocabSizeOf(fields: GgufFields): number | null {
  return fields.shapeOf('token_embd.weight')?.[0] ?? fields.number('vocab_size')
}

function expertFields(fields: GgufFields, modelType: string): Config {
  const expertCount = fields.number('expert_count')
  if (expertCount === null || expertCount === 0) return {}
  const countName = modelType.startsWith('deepseek')
    ? 'n_routed_experts'
    : localExpertTypes.includes(modelType)
      ? 'num_local_experts'
      : 'num_experts'
  return {
    [countName]: expertCount,
    num_experts_per_tok: fields.number('expert_used_count'),
    moe_intermediate_size: fields.number('expert_feed_forward_length'),
    n_shared_experts: fields.number('expert_shared_count'),
    shared_expert_intermediate_size: fields.number('expert_shared_feed_forward_length'),
    first_k_dense_replace: fields.number('leading_dense_block_count'),
  }
}

/**
 * Since llama.cpp absorbs the latent projections, `key_length` is the width of the compressed key
 * and the width of one head is in `key_length_mla`; older files have only the latter's meaning.
 */
function latentAttentionFields(fields: GgufFields): Config {
  const keyLength =
    fields.number('attention.key_length_mla') ?? fields.number('attention.key_length')
  const valueLength =
    fields.number('attention.value_length_mla') ?? fields.number('attention.value_length')
  const ropeLength = fields.number('rope.dimension_count')
  return {
    q_lora_rank: fields.number('attention.q_lora_rank'),
    kv_lora_rank: fields.number('attention.kv_lora_rank'),
    qk_rope_head_dim: ropeLength,
    qk_nope_head_dim: keyLength === null || ropeLength === null ? null : keyLength - ropeLength,
    v_head_dim: valueLength,
    topk_method: fields.hasRouterCorrection() ? 'noaux_tc' : null,
    // The cache of these models is not one of heads: what the file counts as heads is one.
    num_key_value_heads: fields.number('attention.head_count'),
    head_dim: null,
  }
}

function falconFields(fields: GgufFields): Config {
  const isNewDecoder = fields.hasTensor('blk.0.attn_norm_2.weight')
  return {
    num_kv_heads: fields.number('attention.head_count_kv'),
    multi_query: fields.number('attention.head_count_kv') === 1,
    new_decoder_architecture: isNewDecoder,
    parallel_attn: true,
    bias: false,
    ffn_hidden_size: fields.number('feed_forward_length'),
  }
}
