import { InputError } from '../errors'
import type { AttentionArchitecture } from './architecture'
import type { ConfigReader } from './configReader'
import type { ArchitectureFamily } from './families/architectureFamily'
import { readLatentAttention } from './sparseConfig'

/**
 * Heads, projections and windows of the attention.
 * Throws InputError where the heads do not divide the width, or each other.
 */
export function readAttention(
  reader: ConfigReader,
  family: ArchitectureFamily,
  hiddenSize: number,
  layerCount: number,
): AttentionArchitecture {
  const headCount = reader.size(
    'num_attention_heads',
    'n_head',
    'num_heads',
    'n_heads',
    'encoder_attention_heads',
    'attention_heads',
  )
  const latent = readLatentAttention(reader)
  const keyValueHeadCount = readKeyValueHeads(reader, family, headCount)
  const explicitHeadSize = reader.sizeOrNull('head_dim', 'd_kv', 'kv_channels')
  if (explicitHeadSize === null && hiddenSize % headCount !== 0) {
    throw new InputError({
      code: 'INVALID_VALUE',
      path: 'model.config.num_attention_heads',
      message: `hidden_size ${hiddenSize} is not a multiple of ${headCount} heads; give head_dim`,
    })
  }
  const bias = reader.flag(
    family.attentionBias !== 'none',
    'attention_bias',
    'qkv_bias',
    'use_qkv_bias',
    'enable_bias',
    'use_bias',
    'bias',
  )
  const isInputOnly = reader.has('qkv_bias') || reader.has('use_qkv_bias')
  return {
    headCount,
    keyValueHeadCount,
    headSize: latent
      ? latent.noPositionHeadSize + latent.ropeHeadSize
      : (explicitHeadSize ?? hiddenSize / headCount),
    projection: family.fusedProjection ? 'fused' : 'separate',
    inputBias: bias && family.attentionBias !== 'output',
    outputBias:
      bias && family.attentionBias !== 'input' && !family.attentionInputBiasOnly && !isInputOnly,
    qkNorm: reader.flag(false, 'qk_layernorm', 'use_qk_norm') ? 'perHead' : family.qkNorm,
    logitSoftcapping: reader.has('attn_logit_softcapping'),
    dropout: reader.fraction(
      family.attentionDropout ?? family.dropout,
      'attn_pdrop',
      'attention_probs_dropout_prob',
      'attention_dropout',
      'dropout_rate',
    ),
    softmaxInFp32: family.softmaxInFp32,
    scoresInFp32: family.scoresInFp32,
    alwaysEager: family.alwaysEager,
    sinks: family.sinks,
    normAfterRotary: family.normAfterRotary,
    causal: family.structure !== 'encoder',
    slidingWindow: readSlidingWindow(reader, layerCount, family),
    latent,
  }
}

function readKeyValueHeads(
  reader: ConfigReader,
  family: ArchitectureFamily,
  headCount: number,
): number {
  const isNewFalcon = reader.flag(false, 'new_decoder_architecture')
  if (family.multiQuery && !isNewFalcon && reader.flag(true, 'multi_query')) return 1
  const count = reader.sizeOr(headCount, 'num_key_value_heads', 'num_kv_heads', 'n_head_kv')
  if (count > headCount || headCount % count !== 0) {
    throw new InputError({
      code: 'INVALID_VALUE',
      path: 'model.config.num_key_value_heads',
      message: `${count} key/value heads cannot be shared by ${headCount} query heads`,
    })
  }
  return count
}

/** Layers that look back on a window only; `layer_types` says which, older configs give a period. */
function readSlidingWindow(
  reader: ConfigReader,
  layerCount: number,
  family: ArchitectureFamily,
): AttentionArchitecture['slidingWindow'] {
  const size = reader.sizeOrNull('sliding_window')
  if (size === null || !reader.flag(true, 'use_sliding_window')) return null
  const types = reader.list('layer_types')
  if (types) {
    return { size, layerCount: types.filter((type) => type === 'sliding_attention').length }
  }
  const period = reader.sizeOr(
    family.slidingWindowPeriod,
    'sliding_window_pattern',
    '_sliding_window_pattern',
  )
  const fullLayers = period > 1 ? Math.floor(layerCount / period) : 0
  return { size, layerCount: layerCount - fullLayers }
}
