import { describe, expect, it } from 'vitest'
import { parseJob } from './job'
import { otherCalculators } from './otherCalculators'
import { resolveModel } from './resolvedModel'

/** Llama-3.1-8B. */
const n = 8_030_261_248
const nf4 = { scheme: 'nf4', bits: 4 }

function answer(name: string, fields: object, task: 'train' | 'infer' = 'train'): number | null {
  const job = parseJob({ task, model: { name: 'llama-3.1-8b' }, ...fields })
  const { architecture } = resolveModel(job)
  const found = otherCalculators(job, architecture!).find((each) => each.name.startsWith(name))
  if (!found) throw new Error(`no calculator ${name}`)
  return found.totalBytes
}

describe('other calculators', () => {
  it('accelerate: 4 × the fp32 weights in fp32, 2 × in half precision, N/A below', () => {
    expect(answer('accelerate', { precision: 'fp32' })).toBe(4 * 4 * n)
    expect(answer('accelerate', { precision: 'bf16' })).toBe(2 * 4 * n)
    expect(answer('accelerate', { precision: 'amp-fp16' })).toBe(2 * 4 * n)
    const qlora = { method: { type: 'qlora' }, quantization: nf4 }
    expect(answer('accelerate', qlora)).toBeNull()
  })

  it('accelerate, loading: fp32 weights, halved, quartered, divided by 8', () => {
    expect(answer('accelerate', { precision: 'fp32' }, 'infer')).toBe(4 * n)
    expect(answer('accelerate', { precision: 'bf16' }, 'infer')).toBe((4 * n) / 2)
    const int8 = { scheme: 'bnb-int8', bits: 8 }
    expect(answer('accelerate', { quantization: int8 }, 'infer')).toBe((4 * n) / 4)
    expect(answer('accelerate', { quantization: nf4 }, 'infer')).toBe((4 * n) / 8)
    const gguf = { scheme: 'gguf', ggufType: 'Q6_K' }
    expect(answer('accelerate', { quantization: gguf }, 'infer')).toBeNull()
  })

  it('DeepSpeed, stage 2: 2N + 18N/n, with the optimizer on the host 2N', () => {
    const zero2 = { sharding: 'zero2', gpuCount: 8 }
    expect(answer('DeepSpeed', zero2)).toBe(2 * n + (18 * n) / 8)
    expect(answer('DeepSpeed', { ...zero2, offload: 'optimizer' })).toBe(2 * n)
  })

  it('DeepSpeed, stage 3: 4 × the largest module and 18N/n; a module is a matrix, not a layer', () => {
    const zero3 = { sharding: 'zero3', gpuCount: 8 }
    const table = 128_256 * 4096
    expect(answer('DeepSpeed', zero3)).toBe(4 * table + (18 * n) / 8)
    expect(answer('DeepSpeed', { ...zero3, offload: 'optimizer' })).toBe(4 * table + (2 * n) / 8)
    expect(answer('DeepSpeed', { ...zero3, offload: 'all' })).toBe(4 * table)
  })

  it('DeepSpeed has no estimator for stage 1, one GPU or adapters', () => {
    expect(answer('DeepSpeed', { sharding: 'zero1', gpuCount: 8 })).toBeNull()
    expect(answer('DeepSpeed', {})).toBeNull()
    expect(answer('DeepSpeed', { method: { type: 'lora' }, sharding: 'zero3' })).toBeNull()
  })

  it('LLaMA-Factory: 18, 8, 2, 1, ½ and ¼ GB per 10⁹ parameters', () => {
    const name = 'LLaMA-Factory'
    const lora = { method: { type: 'lora' } }
    expect(answer(name, { precision: 'amp-bf16' })).toBeCloseTo(18 * n, 0)
    expect(answer(name, { precision: 'bf16' })).toBeCloseTo(8 * n, 0)
    expect(answer(name, lora)).toBeCloseTo(2 * n, 0)
    const int8 = { scheme: 'bnb-int8', bits: 8 }
    expect(answer(name, { ...lora, quantization: int8 })).toBeCloseTo(n, 0)
    expect(answer(name, { method: { type: 'qlora' }, quantization: nf4 })).toBeCloseTo(n / 2, 0)
    const gptq = { scheme: 'gptq', bits: 2 }
    expect(answer(name, { ...lora, quantization: gptq })).toBeCloseTo(n / 4, 0)
    expect(answer(name, { precision: 'fp32' })).toBeNull()
  })

  it('rules of thumb: 4 × weights, and 16 bytes per parameter of mixed precision with Adam', () => {
    expect(answer('4 × weights', { precision: 'bf16' })).toBe(4 * 2 * n)
    expect(answer('16 bytes', { precision: 'amp-bf16' })).toBe(16 * n)
    expect(answer('16 bytes', { method: { type: 'lora' } })).toBeNull()
    expect(answer('4 × weights', {}, 'infer')).toBeNull()
  })
})
