import type { LayerLayout, ModelHead, ModuleNames, NormType } from './architecture'

/**
 * What config.json does not say because the model's class knows it: defaults and structure of each
 * model_type, read from the reference implementation (huggingface/transformers 5.23,
 * models/<model_type>/modeling_*.py and configuration_*.py).
 */
export interface ArchitectureFamily {
  readonly known: boolean
  readonly structure: 'decoder' | 'encoder' | 'encoderDecoder'
  readonly head: ModelHead
  readonly moduleNames: ModuleNames
  readonly norm: NormType
  readonly layout: LayerLayout
  readonly fusedProjection: boolean
  readonly fusedGateUp: boolean
  readonly gatedMlp: boolean
  readonly activation: string
  /** Which attention projections carry a bias unless the config says otherwise. */
  readonly attentionBias: 'none' | 'input' | 'all'
  readonly mlpBias: boolean
  readonly qkNorm: 'none' | 'perHead' | 'full'
  readonly softmaxInFp32: boolean
  readonly position: 'rotary' | 'learned' | 'alibi' | 'relativeBias' | 'none'
  readonly rotaryFraction: number
  /** Rows that a learned position table has beyond the positions (opt, roberta). */
  readonly positionOffset: number
  readonly slidingWindowPeriod: number
  /** Dropout where the config is silent. */
  readonly dropout: number
  readonly embeddingDropout: boolean
  readonly activationDropout: boolean
  readonly embeddingNorm: boolean
  readonly scaledEmbedding: boolean
  readonly tokenTypes: boolean
  readonly tied: boolean
  readonly headBias: boolean
  readonly headTransform: boolean
  readonly multiQuery: boolean
  /** intermediate size ÷ hidden size where the config may leave it out; null: it may not. */
  readonly defaultIntermediateFactor: number | null
}

const llamaNames: ModuleNames = {
  query: 'q_proj',
  key: 'k_proj',
  value: 'v_proj',
  queryKeyValue: 'qkv_proj',
  attentionOutput: 'o_proj',
  gate: 'gate_proj',
  up: 'up_proj',
  gateUp: 'gate_up_proj',
  down: 'down_proj',
  head: 'lm_head',
  embedding: 'embed_tokens',
}

const neoxNames: ModuleNames = {
  ...llamaNames,
  queryKeyValue: 'query_key_value',
  attentionOutput: 'attention.dense',
  up: 'dense_h_to_4h',
  down: 'dense_4h_to_h',
  head: 'embed_out',
  embedding: 'embed_in',
}

const llama: ArchitectureFamily = {
  known: true,
  structure: 'decoder',
  head: 'causalLm',
  moduleNames: llamaNames,
  norm: 'rms',
  layout: 'pre',
  fusedProjection: false,
  fusedGateUp: false,
  gatedMlp: true,
  activation: 'silu',
  attentionBias: 'none',
  mlpBias: false,
  qkNorm: 'none',
  softmaxInFp32: true,
  position: 'rotary',
  rotaryFraction: 1,
  positionOffset: 0,
  slidingWindowPeriod: 1,
  dropout: 0,
  embeddingDropout: false,
  activationDropout: false,
  embeddingNorm: false,
  scaledEmbedding: false,
  tokenTypes: false,
  tied: false,
  headBias: false,
  headTransform: false,
  multiQuery: false,
  defaultIntermediateFactor: null,
}

const qwen2: ArchitectureFamily = { ...llama, attentionBias: 'input' }
const qwen3: ArchitectureFamily = { ...llama, qkNorm: 'perHead' }

const gemma: ArchitectureFamily = {
  ...llama,
  norm: 'rmsGemma',
  activation: 'gelu_pytorch_tanh',
  scaledEmbedding: true,
  tied: true,
}
const gemma2: ArchitectureFamily = { ...gemma, layout: 'sandwich', slidingWindowPeriod: 2 }
const gemma3: ArchitectureFamily = { ...gemma2, qkNorm: 'perHead', slidingWindowPeriod: 6 }

const phi3: ArchitectureFamily = { ...llama, fusedProjection: true, fusedGateUp: true }

const phi: ArchitectureFamily = {
  ...llama,
  moduleNames: { ...llamaNames, attentionOutput: 'self_attn.dense', up: 'fc1', down: 'fc2' },
  norm: 'layerNorm',
  layout: 'parallel',
  gatedMlp: false,
  activation: 'gelu_new',
  attentionBias: 'all',
  mlpBias: true,
  rotaryFraction: 0.5,
  headBias: true,
}

const gpt2: ArchitectureFamily = {
  ...llama,
  moduleNames: {
    ...llamaNames,
    queryKeyValue: 'c_attn',
    attentionOutput: 'attn.c_proj',
    up: 'c_fc',
    down: 'mlp.c_proj',
    embedding: 'wte',
  },
  norm: 'layerNorm',
  fusedProjection: true,
  gatedMlp: false,
  activation: 'gelu_new',
  attentionBias: 'all',
  mlpBias: true,
  softmaxInFp32: false,
  position: 'learned',
  dropout: 0.1,
  embeddingDropout: true,
  tied: true,
  defaultIntermediateFactor: 4,
}

const gptNeox: ArchitectureFamily = {
  ...llama,
  moduleNames: neoxNames,
  norm: 'layerNorm',
  layout: 'parallelTwoNorms',
  fusedProjection: true,
  gatedMlp: false,
  activation: 'gelu',
  attentionBias: 'all',
  mlpBias: true,
  rotaryFraction: 0.25,
}

const opt: ArchitectureFamily = {
  ...llama,
  moduleNames: { ...llamaNames, attentionOutput: 'out_proj', up: 'fc1', down: 'fc2' },
  norm: 'layerNorm',
  gatedMlp: false,
  activation: 'relu',
  attentionBias: 'all',
  mlpBias: true,
  position: 'learned',
  positionOffset: 2,
  dropout: 0.1,
  softmaxInFp32: false,
  tied: true,
}

const falcon: ArchitectureFamily = {
  ...llama,
  moduleNames: { ...neoxNames, attentionOutput: 'self_attention.dense', head: 'lm_head' },
  norm: 'layerNorm',
  layout: 'parallel',
  fusedProjection: true,
  gatedMlp: false,
  activation: 'gelu',
  softmaxInFp32: false,
  multiQuery: true,
  tied: true,
  defaultIntermediateFactor: 4,
}

const bloom: ArchitectureFamily = {
  ...falcon,
  layout: 'pre',
  activation: 'gelu_new',
  attentionBias: 'all',
  mlpBias: true,
  multiQuery: false,
  position: 'alibi',
  embeddingNorm: true,
  softmaxInFp32: true,
}

const bert: ArchitectureFamily = {
  ...llama,
  structure: 'encoder',
  head: 'maskedLm',
  moduleNames: {
    ...llamaNames,
    query: 'query',
    key: 'key',
    value: 'value',
    attentionOutput: 'attention.output.dense',
    up: 'intermediate.dense',
    down: 'output.dense',
    head: 'decoder',
    embedding: 'word_embeddings',
  },
  norm: 'layerNorm',
  layout: 'post',
  gatedMlp: false,
  activation: 'gelu',
  attentionBias: 'all',
  mlpBias: true,
  softmaxInFp32: false,
  position: 'learned',
  dropout: 0.1,
  embeddingDropout: true,
  embeddingNorm: true,
  tokenTypes: true,
  tied: true,
  headBias: true,
  headTransform: true,
}

const t5: ArchitectureFamily = {
  ...llama,
  structure: 'encoderDecoder',
  head: 'seq2seq',
  moduleNames: {
    ...llamaNames,
    query: 'q',
    key: 'k',
    value: 'v',
    attentionOutput: 'o',
    gate: 'wi_0',
    up: 'wi',
    down: 'wo',
    embedding: 'shared',
  },
  norm: 'rmsT5',
  gatedMlp: false,
  activation: 'relu',
  softmaxInFp32: false,
  position: 'relativeBias',
  dropout: 0.1,
  embeddingDropout: true,
  activationDropout: true,
  tied: true,
}

const olmo2: ArchitectureFamily = { ...llama, layout: 'postBlock', qkNorm: 'full' }
const stablelm: ArchitectureFamily = { ...llama, norm: 'layerNorm', rotaryFraction: 0.25 }
const starcoder2: ArchitectureFamily = {
  ...llama,
  moduleNames: { ...llamaNames, up: 'c_fc', down: 'c_proj' },
  norm: 'layerNorm',
  gatedMlp: false,
  activation: 'gelu_pytorch_tanh',
  attentionBias: 'all',
  mlpBias: true,
  tied: true,
}

const cohere: ArchitectureFamily = { ...llama, layout: 'parallel', tied: true }
const glm: ArchitectureFamily = {
  ...llama,
  fusedGateUp: true,
  attentionBias: 'input',
  rotaryFraction: 0.5,
}

const families: Readonly<Record<string, ArchitectureFamily>> = {
  llama,
  mistral: llama,
  mistral3: llama,
  mixtral: llama,
  granite: { ...llama, scaledEmbedding: true },
  smollm3: llama,
  qwen2,
  qwen2_moe: qwen2,
  qwen2_5_vl: qwen2,
  qwen2_vl: qwen2,
  qwen3,
  qwen3_moe: qwen3,
  deepseek_v2: llama,
  deepseek_v3: llama,
  kimi_k2: llama,
  gemma,
  gemma2,
  gemma3,
  gemma3_text: gemma3,
  phi,
  phi3,
  gpt2,
  gpt_neox: gptNeox,
  opt,
  falcon,
  RefinedWeb: falcon,
  RefinedWebModel: falcon,
  bloom,
  bert,
  electra: bert,
  roberta: { ...bert, positionOffset: 0 },
  'xlm-roberta': bert,
  camembert: bert,
  t5,
  mt5: t5,
  umt5: t5,
  olmo2,
  stablelm,
  cohere,
  glm,
  glm4: { ...glm, layout: 'sandwich' },
  starcoder2,
}

/** The family of a model_type; an unknown one is read like llama, with `known` false. */
export function familyOf(modelType: string): ArchitectureFamily {
  const family = Object.hasOwn(families, modelType) ? families[modelType] : undefined
  return family ?? { ...llama, known: false, defaultIntermediateFactor: 4 }
}
