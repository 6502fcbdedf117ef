import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { estimateMemory } from '../../src/core/estimate/estimateMemory'
import { parseJob } from '../../src/core/estimate/job'
import { MiB } from '../../src/core/units'

export interface FitcheckScore {
  readonly name: string
  readonly measuredBytes: number
  readonly predictedBytes: number
}

/** fitcheck's ten QLoRA runs on a T4 beside their estimates. */
export function scoreFitcheck(): readonly FitcheckScore[] {
  const file = join(import.meta.dirname, '../data/published/fitcheck.csv')
  const [header = '', ...lines] = readFileSync(file, 'utf8').trim().split('\n')
  const names = header.split(',')
  return lines.map((line) => {
    const cells = line.split(',')
    const text = (name: string): string => cells[names.indexOf(name)] ?? ''
    const number = (name: string): number => Number(text(name))
    const job = parseJob({
      id: text('id'),
      task: 'train',
      model: {
        config: {
          model_type: text('model').startsWith('Qwen') ? 'qwen2' : 'llama',
          hidden_size: number('hidden'),
          intermediate_size: number('intermediate'),
          num_hidden_layers: number('layers'),
          num_attention_heads: number('heads'),
          num_key_value_heads: number('kv_heads'),
          vocab_size: number('vocab'),
          tie_word_embeddings: text('tied') === '1',
        },
      },
      method: { type: 'qlora', rank: 32, targets: ['q_proj', 'k_proj', 'v_proj', 'o_proj'] },
      precision: 'amp-fp16',
      batchSize: number('batch'),
      sequenceLength: number('seq'),
      checkpointing: 'layer',
      attention: text('attention'),
    })
    return {
      name: `${text('model')}, ${text('batch')} × ${text('seq')}, ${text('attention')}`,
      measuredBytes: number('allocated_mib') * MiB,
      predictedBytes: estimateMemory(job).tensorsPeakBytes,
    }
  })
}
