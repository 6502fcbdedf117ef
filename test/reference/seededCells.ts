import { InputError } from '../../src/core/errors'
import type { Estimate } from '../../src/core/estimate/estimate'
import { estimateMemory } from '../../src/core/estimate/estimateMemory'
import { parseJob } from '../../src/core/estimate/job'
import { catalogue } from '../../src/core/models/catalogue'
import type { GpuSpec } from '../../src/core/gpus'

const methods: readonly Readonly<Record<string, unknown>>[] = [
  { task: 'train', precision: 'bf16' },
  { task: 'train', precision: 'amp-bf16', checkpointing: 'layer' },
  { task: 'train', optimizer: 'adamw-8bit', checkpointing: 'layer' },
  { task: 'train', method: { type: 'lora', rank: 16 } },
  { task: 'train', method: { type: 'lora', rank: 16 }, checkpointing: 'layer' },
  { task: 'train', method: { type: 'qlora', rank: 16 }, checkpointing: 'layer' },
  { task: 'infer', promptLength: 2048, generatedLength: 256 },
  { task: 'infer', promptLength: 2048, generatedLength: 256, quantization: { scheme: 'nf4' } },
]

/** Estimates of `count` cells of model × method × GPU, the same ones every time. */
export function seededCells(count: number, gpus: readonly GpuSpec[]): readonly Estimate[] {
  let state = 20_251_125
  const pick = <T>(from: readonly T[]): T => {
    // Numerical Recipes' linear congruential generator.
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    const found = from[Math.floor((state / 2 ** 32) * from.length)]
    if (found === undefined) throw new Error('nothing to pick from')
    return found
  }
  const cells: Estimate[] = []
  while (cells.length < count) {
    const [model, method, gpu] = [pick(catalogue), pick(methods), pick(gpus)]
    try {
      const job = parseJob({ ...method, model: { name: model.id }, gpu: gpu.id })
      const estimate = estimateMemory(job)
      if (estimate.verdict !== null) cells.push(estimate)
    } catch (error) {
      // A model that is stored quantized cannot be trained in full.
      if (!(error instanceof InputError)) throw error
    }
  }
  return cells
}
