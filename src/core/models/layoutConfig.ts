import type { LayerLayout } from './architecture'
import type { ConfigReader } from './configReader'
import type { ArchitectureFamily } from './families/architectureFamily'

/** Where the norms of a layer stand, and whether attention and MLP read the same input. */
export function readLayout(reader: ConfigReader, family: ArchitectureFamily): LayerLayout {
  if (family.layout === 'parallelTwoNorms') {
    return reader.flag(true, 'use_parallel_residual') ? 'parallelTwoNorms' : 'pre'
  }
  if (family.multiQuery && family.layout === 'parallel') {
    if (!reader.flag(true, 'parallel_attn')) return 'pre'
    const isNew = reader.flag(false, 'new_decoder_architecture')
    const norms = reader.sizeOr(isNew ? 2 : 1, 'num_ln_in_parallel_attn')
    return isNew && norms === 2 ? 'parallelTwoNorms' : 'parallel'
  }
  if (!reader.flag(true, 'do_layer_norm_before')) return 'post'
  return family.layout
}

/** Whether a norm follows the last layer. */
export function readFinalNorm(reader: ConfigReader, family: ArchitectureFamily): boolean {
  if (!reader.flag(true, 'do_layer_norm_before')) return false
  return family.layout !== 'post' && !reader.flag(false, '_remove_final_layer_norm')
}
