import type { LayerLayout, ModelHead, ModuleNames, NormType } from '../architecture'

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
  /** The norm has a weight; false where the reference normalises without one. */
  readonly normWeight: boolean
  /** Whether the norm has a bias; null: as its type usually has. */
  readonly normBias: boolean | null
  readonly layout: LayerLayout
  readonly fusedProjection: boolean
  readonly fusedGateUp: boolean
  readonly gatedMlp: boolean
  readonly activation: string
  /** Which attention projections carry a bias unless the config says otherwise. */
  readonly attentionBias: 'none' | 'input' | 'output' | 'all'
  /** A bias that the config asks for is one of query, key and value, not of the output. */
  readonly attentionInputBiasOnly: boolean
  readonly mlpBias: boolean
  readonly qkNorm: 'none' | 'perHead' | 'full'
  readonly softmaxInFp32: boolean
  readonly scoresInFp32: boolean
  /** The reference has no fused attention for it. */
  readonly alwaysEager: boolean
  readonly sinks: boolean
  readonly normAfterRotary: boolean
  readonly position: 'rotary' | 'learned' | 'alibi' | 'relativeBias' | 'none'
  readonly rotaryFraction: number
  /** Rows that a learned position table has beyond the positions (opt, roberta). */
  readonly positionOffset: number
  readonly slidingWindowPeriod: number
  /** Dropout where the config is silent. */
  readonly dropout: number
  /** Dropout of attention where the config is silent; null: as `dropout`. */
  readonly attentionDropout: number | null
  /** What attention adds to the residual stream passes a dropout. */
  readonly attentionOutputDropout: boolean
  readonly embeddingDropout: boolean
  readonly activationDropout: boolean
  readonly embeddingNorm: boolean
  readonly scaledEmbedding: boolean
  readonly tokenTypes: boolean
  /**
   * What is kept on the GPU beside the weights: a causal mask of bools over all positions, once or in
   * every layer; a fp32 sine table in every layer.
   */
  readonly constants: 'none' | 'mask' | 'masks' | 'sines'
  readonly tied: boolean
  readonly headBias: boolean
  readonly headTransform: boolean
  /** A constant is added to the logits (bart's `final_logits_bias`). */
  readonly constantLogitBias: boolean
  readonly multiQuery: boolean
  /** intermediate size ÷ hidden size where the config may leave it out; null: it may not. */
  readonly defaultIntermediateFactor: number | null
}

export const llamaNames: ModuleNames = {
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

export const neoxNames: ModuleNames = {
  ...llamaNames,
  queryKeyValue: 'query_key_value',
  attentionOutput: 'attention.dense',
  up: 'dense_h_to_4h',
  down: 'dense_4h_to_h',
  head: 'embed_out',
  embedding: 'embed_in',
}

export const llama: ArchitectureFamily = {
  known: true,
  structure: 'decoder',
  head: 'causalLm',
  moduleNames: llamaNames,
  norm: 'rms',
  normWeight: true,
  normBias: null,
  layout: 'pre',
  fusedProjection: false,
  fusedGateUp: false,
  gatedMlp: true,
  activation: 'silu',
  attentionBias: 'none',
  attentionInputBiasOnly: false,
  mlpBias: false,
  qkNorm: 'none',
  softmaxInFp32: true,
  scoresInFp32: false,
  alwaysEager: false,
  sinks: false,
  constants: 'none',
  normAfterRotary: false,
  position: 'rotary',
  rotaryFraction: 1,
  positionOffset: 0,
  slidingWindowPeriod: 1,
  dropout: 0,
  attentionDropout: null,
  attentionOutputDropout: true,
  embeddingDropout: false,
  activationDropout: false,
  embeddingNorm: false,
  scaledEmbedding: false,
  tokenTypes: false,
  tied: false,
  headBias: false,
  headTransform: false,
  constantLogitBias: false,
  multiQuery: false,
  defaultIntermediateFactor: null,
}
