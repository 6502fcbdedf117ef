import { InputError } from '../errors'
import type { LatentAttention, MixtureOfExperts } from './architecture'
import type { ConfigReader } from './configReader'

/** DeepSeek's multi-head latent attention; null where the config has none. */
export function readLatentAttention(reader: ConfigReader): LatentAttention | null {
  const keyValueRank = reader.sizeOrNull('kv_lora_rank')
  if (keyValueRank === null) return null
  return {
    queryRank: reader.sizeOrNull('q_lora_rank'),
    keyValueRank,
    ropeHeadSize: reader.size('qk_rope_head_dim'),
    noPositionHeadSize: reader.size('qk_nope_head_dim'),
    valueHeadSize: reader.size('v_head_dim'),
  }
}

const perTokenNames = [
  'num_experts_per_tok',
  'num_experts_per_token',
  'top_k',
  'moe_k',
  'moe_topk',
] as const

/**
 * Experts in the field names of mixtral, qwen-moe, deepseek and their like; null where the config
 * has none. Throws InputError where more experts are used per token than there are.
 */
export function readMixtureOfExperts(
  reader: ConfigReader,
  layerCount: number,
): MixtureOfExperts | null {
  const expertCount = reader.countOr(
    0,
    'num_local_experts',
    'num_experts',
    'n_routed_experts',
    'moe_num_experts',
  )
  if (expertCount < 2) return null
  const expertsPerToken = reader.sizeOr(2, ...perTokenNames)
  if (expertsPerToken > expertCount) {
    throw new InputError({
      code: 'INVALID_VALUE',
      path: 'model.config.num_experts_per_tok',
      message: `${expertsPerToken} experts per token are more than the ${expertCount} there are`,
    })
  }
  const expertIntermediateSize = reader.size(
    'moe_intermediate_size',
    'intermediate_size',
    'ffn_dim',
  )
  const sharedCount = reader.countOr(
    0,
    'n_shared_experts',
    'num_shared_experts',
    'num_shared_expert',
    'moe_num_shared_experts',
  )
  // llama 4 sends every token to every expert, weighted, and to a shared one.
  const isDense = reader.text(null, 'model_type') === 'llama4_text'
  return {
    expertCount,
    expertsPerToken: isDense ? expertCount : expertsPerToken,
    expertIntermediateSize,
    sharedIntermediateSize: reader.countOr(
      isDense ? expertIntermediateSize : sharedCount * expertIntermediateSize,
      'shared_expert_intermediate_size',
      'shared_intermediate_size',
    ),
    sharedGate: reader.has('shared_expert_intermediate_size'),
    denseLayerCount: denseLayers(reader, layerCount),
    bias: reader.text(null, 'model_type') === 'gpt_oss',
    routerCorrection: reader.text(null, 'topk_method') === 'noaux_tc',
  }
}

function denseLayers(reader: ConfigReader, layerCount: number): number {
  const first = reader.countOr(0, 'first_k_dense_replace', 'moe_layer_start_index')
  const named = reader.list('mlp_only_layers')?.length ?? 0
  const step = reader.sizeOr(1, 'decoder_sparse_step')
  const skipped = layerCount - Math.floor(layerCount / step)
  return Math.min(layerCount, Math.max(first, named, skipped))
}
