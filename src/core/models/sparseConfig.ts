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

/**
 * Experts in the field names of mixtral, qwen-moe, deepseek and their like; null where the config
 * has none. Throws InputError where more experts are used per token than there are.
 */
export function readMixtureOfExperts(
  reader: ConfigReader,
  layerCount: number,
): MixtureOfExperts | null {
  const expertCount = reader.countOr(0, 'num_local_experts', 'num_experts', 'n_routed_experts')
  if (expertCount < 2) return null
  const expertsPerToken = reader.sizeOr(2, 'num_experts_per_tok', 'num_experts_per_token', 'top_k')
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
  const sharedCount = reader.countOr(0, 'n_shared_experts', 'num_shared_experts')
  return {
    expertCount,
    expertsPerToken,
    expertIntermediateSize,
    sharedIntermediateSize: reader.countOr(
      sharedCount * expertIntermediateSize,
      'shared_expert_intermediate_size',
      'shared_intermediate_size',
    ),
    sharedGate: reader.has('shared_expert_intermediate_size'),
    denseLayerCount: denseLayers(reader, layerCount),
    routerCorrection: reader.text(null, 'topk_method') === 'noaux_tc',
  }
}

function denseLayers(reader: ConfigReader, layerCount: number): number {
  const first = reader.countOr(0, 'first_k_dense_replace')
  const named = reader.list('mlp_only_layers')?.length ?? 0
  const step = reader.sizeOr(1, 'decoder_sparse_step')
  const skipped = layerCount - Math.floor(layerCount / step)
  return Math.min(layerCount, Math.max(first, named, skipped))
}
