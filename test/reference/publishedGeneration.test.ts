import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { estimateMemory } from '../../src/core/estimate/estimateMemory'
import { parseJob } from '../../src/core/estimate/job'
import { GiB } from '../../src/core/units'

/**
 * Qwen's own speed benchmarks on one A100: `torch.cuda.max_memory_allocated` of generating 2,048
 * tokens, as bf16, GPTQ and AWQ. Version 2 ran on transformers that make fp32 logits of the prompt.
 */
const file = join(import.meta.dirname, '../data/oracle/publishedGeneration.csv')
const [header = '', ...lines] = readFileSync(file, 'utf8').trim().split('\n')
const names = header.split(',')

const scored = lines.map((line) => {
  const cells = line.split(',')
  const text = (name: string): string => cells[names.indexOf(name)] ?? ''
  const number = (name: string): number => Number(text(name))
  const job = parseJob({
    id: text('id'),
    task: 'infer',
    model: {
      config: {
        model_type: 'qwen2',
        hidden_size: number('hidden'),
        intermediate_size: number('intermediate'),
        num_hidden_layers: number('layers'),
        num_attention_heads: number('heads'),
        num_key_value_heads: number('kv_heads'),
        vocab_size: number('vocab'),
        tie_word_embeddings: text('tied') === '1',
      },
    },
    promptLength: number('prompt'),
    generatedLength: number('generated'),
    logits: text('logits'),
    quantization:
      text('scheme') === ''
        ? null
        : { scheme: text('scheme'), bits: number('bits'), groupSize: 128 },
  })
  const { tensorsPeakBytes } = estimateMemory(job)
  const error = Math.abs(tensorsPeakBytes / GiB / number('allocated_gib') - 1)
  return { id: text('id'), scheme: text('scheme'), error }
})

function quantile(of: typeof scored, q: number): number {
  const sorted = of.map(({ error }) => error).toSorted((a, b) => a - b)
  return sorted[Math.floor(q * sorted.length)] ?? Number.NaN
}

describe('published memory of generating', () => {
  it('is met within 2.5 % by half and 5 % by nine in ten of the estimates', () => {
    expect(scored.length).toBeGreaterThan(60)
    expect(quantile(scored, 0.5)).toBeLessThan(0.025)
    expect(quantile(scored, 0.9)).toBeLessThan(0.05)
  })

  it('is missed by more than 5 % only by four runs that start from a single token', () => {
    const missed = scored.filter(({ error }) => error > 0.05)
    expect(missed.map(({ id }) => id)).toEqual([
      'qwen2-001',
      // AWQ files of models with a tied embedding.
      'qwen2.5-004',
      'qwen2.5-014',
      'qwen2.5-024',
    ])
  })
})
