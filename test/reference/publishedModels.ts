import type { PublishedRow } from './publishedRows'

/** What a row's columns do not say of its model and its config.json does. */
interface ModelNote {
  readonly names: RegExp
  readonly fields: Readonly<Record<string, unknown>>
}

/** In order; the first that matches is used. */
const notes: readonly ModelNote[] = [
  { names: /bert/i, fields: { model_type: 'bert', max_position_embeddings: 512 } },
  { names: /falcon-7b/, fields: { model_type: 'falcon', multi_query: true, bias: false } },
  { names: /gemma-2-/, fields: { ...gemma(), model_type: 'gemma2' } },
  { names: /gemma-[0-9.]*(2b|7b)|gemma-1\.1/, fields: { ...gemma(), model_type: 'gemma' } },
  { names: /phi-2|phi-1_5/, fields: { model_type: 'phi' } },
  { names: /Phi-3-mini/, fields: { model_type: 'phi3' } },
  {
    names: /stablelm-base-alpha/,
    fields: { model_type: 'gpt_neox', use_parallel_residual: true },
  },
  { names: /Qwen3-(Coder-)?30B-A3B/, fields: { ...qwen3Moe(), tie_word_embeddings: false } },
  { names: /Qwen3-4B/, fields: { ...qwen3(), tie_word_embeddings: true } },
  { names: /Qwen3/, fields: qwen3() },
  { names: /Qwen2(\.5)?-(0\.5|1\.5|3)B/, fields: { ...qwen2(), tie_word_embeddings: true } },
  { names: /Qwen2/, fields: qwen2() },
  // Qwen-1 is a llama with a bias on its query, key and value, kept in one matrix.
  { names: /Qwen-/, fields: qwen2() },
  { names: /Llama-3\.2/, fields: { model_type: 'llama', tie_word_embeddings: true } },
  // InternLM's attention has biases, its MLP none.
  { names: /internlm-chat-7b/, fields: { model_type: 'llama', attention_bias: true } },
  { names: /opt-/, fields: { model_type: 'opt', max_position_embeddings: 2048 } },
  { names: /bloomz/, fields: { model_type: 'bloom' } },
  { names: /gpt-j/, fields: { model_type: 'gptj', rotary_dim: 64, n_positions: 2048 } },
  {
    names: /octocoder/,
    fields: { model_type: 'gpt_bigcode', multi_query: true, n_positions: 8192 },
  },
  { names: /t5-3b/, fields: { model_type: 't5', d_kv: 128, num_decoder_layers: 24 } },
  { names: /Mistral/, fields: { model_type: 'mistral' } },
  { names: /llama|Llama|Yi-/i, fields: { model_type: 'llama' } },
]

function gemma() {
  return { head_dim: 256, tie_word_embeddings: true }
}

function qwen2() {
  return { model_type: 'qwen2' }
}

function qwen3() {
  return { model_type: 'qwen3', head_dim: 128 }
}

function qwen3Moe() {
  return {
    model_type: 'qwen3_moe',
    head_dim: 128,
    num_experts: 128,
    num_experts_per_tok: 8,
    moe_intermediate_size: 768,
  }
}

/** Shapes that `overhead` rows name by their model alone, from those models' config.json. */
const shapes: Readonly<Record<string, readonly number[]>> = {
  'HuggingFaceTB/SmolLM2-360M': [960, 32, 15, 5, 2560, 49152],
  'google/gemma-1.1-2b-it': [2048, 18, 8, 1, 16384, 256000],
  'deepseek-ai/DeepSeek-R1-0528-Qwen3-8B': [4096, 36, 32, 8, 12288, 151936],
}

/** The row's model as a Hugging Face config, or null where the row has none. */
export function configOf(row: PublishedRow): Readonly<Record<string, unknown>> | null {
  const model = row.text('model')
  const known = notes.find(({ names }) => names.test(model))
  const columns = ['hidden', 'layers', 'heads', 'kv_heads', 'intermediate', 'vocab'].map(row.number)
  const sizes = shapes[model] ?? columns
  if (sizes.some(Number.isNaN)) return null
  const [hidden, layers, heads, keyValueHeads, intermediate, vocab] = sizes
  return {
    model_type: /SmolLM2/.test(model) ? 'llama' : 'unknown',
    hidden_size: hidden,
    num_hidden_layers: layers,
    num_attention_heads: heads,
    num_key_value_heads: keyValueHeads,
    intermediate_size: intermediate,
    vocab_size: vocab,
    ...known?.fields,
  }
}
