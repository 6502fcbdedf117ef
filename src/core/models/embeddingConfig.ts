import type { AttentionArchitecture, PositionEncoding } from './architecture'
import type { ConfigReader } from './configReader'
import type { ArchitectureFamily } from './families/architectureFamily'

/** Width of the embedding where it is another than the model's, which it is projected to; else null. */
export function readProjection(reader: ConfigReader, hiddenSize: number): number | null {
  const size = reader.sizeOrNull('word_embed_proj_dim', 'embedding_size')
  return size === null || size === hiddenSize ? null : size
}

/** How the model knows where a token stands. */
export function readPosition(
  reader: ConfigReader,
  family: ArchitectureFamily,
  attention: AttentionArchitecture,
): PositionEncoding {
  if (reader.flag(false, 'alibi') || family.position === 'alibi') return { type: 'alibi' }
  switch (family.position) {
    case 'learned':
      return {
        type: 'learned',
        positionCount:
          reader.size('max_position_embeddings', 'n_positions', 'max_seq_len') +
          family.positionOffset,
      }
    case 'relativeBias':
      return {
        type: 'relativeBias',
        bucketCount: reader.sizeOr(32, 'relative_attention_num_buckets'),
      }
    case 'rotary': {
      const headSize = attention.latent ? attention.latent.ropeHeadSize : attention.headSize
      const nested = reader.section('rope_parameters')
      const factor = (nested?.has('partial_rotary_factor') ? nested : reader).fraction(
        family.rotaryFraction,
        'partial_rotary_factor',
        'rotary_pct',
      )
      const explicit = reader.sizeOrNull('rotary_dim')
      return {
        type: 'rotary',
        rotarySize: Math.min(headSize, explicit ?? Math.floor(headSize * factor)),
      }
    }
    case 'none':
      return { type: 'none' }
  }
}
