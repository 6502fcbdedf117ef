import { describe, expect, it } from 'vitest'
import { builtInGpus } from '../builtInGpus'
import { catalogue } from '../models/catalogue'
import { parameterCount } from '../models/layerShape'
import type { TimeEstimate, TimePhaseName } from './estimate'
import { estimateMemory, requireGpu } from './estimateMemory'
import { parseJob, type TrainJob } from './job'
import { headOf, resolveModel } from './resolvedModel'
import { simulateTrainingStep } from './trainingStep'
import { trainingContext } from './stepContextOf'
import { storedWeights } from './modelWeights'
import { weightBytesRead } from './weightTraffic'

/** 2 layers of width 8: every product can be counted by hand. */
const config = {
  model_type: 'llama',
  hidden_size: 8,
  intermediate_size: 16,
  num_hidden_layers: 2,
  num_attention_heads: 2,
  num_key_value_heads: 2,
  vocab_size: 32,
  tie_word_embeddings: true,
}
/** q, k, v, o of 8 × 8 and three matrices of 8 × 16, twice. */
const layerElements = 2 * (4 * 64 + 3 * 128)
const tiny = { task: 'train', model: { config }, batchSize: 3, sequenceLength: 4, gpu: 't4' }

const t4 = requireGpu('t4', builtInGpus)

function timeOf(job: object): TimeEstimate {
  const { time } = estimateMemory(parseJob(job))
  if (!time) throw new Error('no time')
  return time
}

function phaseOf(job: object, name: TimePhaseName) {
  const found = timeOf(job).phases.find(({ phase }) => phase === name)
  if (!found) throw new Error(`no phase ${name}`)
  return found
}

describe('stepTime', () => {
  it('counts the products of a training step as one does by hand', () => {
    const tokens = 3 * 4
    const output = 8 * 32
    // 4 × 2 heads × 4 × (4 × 4 pairs) × 2 layers × 3 sequences, half of it as it is causal.
    const attention = (4 * 2 * 4 * 16 * 2 * 3) / 2
    const products = 2 * (layerElements + output) * tokens
    expect(phaseOf(tiny, 'forward').flops).toBe(products + attention)
    expect(phaseOf(tiny, 'loss').flops).toBe(5 * tokens * 32)
    // Gradients of inputs and of weights; fused attention makes five products for two.
    expect(phaseOf(tiny, 'backward').flops).toBe(2 * products + 2.5 * attention)
  })

  it('makes all pairs of a query and a key in attention that is written out', () => {
    const fused = phaseOf(tiny, 'forward').flops
    const eager = phaseOf({ ...tiny, attention: 'eager' }, 'forward').flops
    expect(eager - fused).toBe((4 * 2 * 4 * 16 * 2 * 3) / 2)
  })

  it('runs the layers once more under checkpointing, not the output matrix', () => {
    expect(timeOf(tiny).phases.map(({ phase }) => phase)).toEqual([
      'forward',
      'loss',
      'backward',
      'optimizer',
    ])
    const checkpointed = { ...tiny, checkpointing: 'layer' }
    const forward = phaseOf(checkpointed, 'forward').flops
    expect(phaseOf(checkpointed, 'recompute').flops).toBe(forward - 2 * 8 * 32 * 12)
  })

  it('leaves out gradients of frozen weights and counts the products of adapters', () => {
    const lora = { ...tiny, method: { type: 'lora', rank: 2 } }
    // 2 × rank × (inputs + outputs) for each of seven matrices in two layers, 12 tokens.
    const adapters = 2 * 2 * 2 * (4 * 16 + 3 * 24) * 12
    const plain = phaseOf(tiny, 'forward').flops
    expect(phaseOf(lora, 'forward').flops).toBe(plain + adapters)
    const products = 2 * (layerElements + 8 * 32) * 12 + adapters
    const attention = plain + adapters - products
    expect(phaseOf(lora, 'backward').flops).toBe(products + adapters + 2.5 * attention)
  })

  it('reads and writes in the optimizer’s step what its kernels do', () => {
    const count = parameterCount(resolveModel(parseJob(tiny)).architecture!)
    // bf16: parameter, gradient and two moments read, all but the gradient written.
    expect(phaseOf(tiny, 'optimizer').bytes).toBe(7 * 2 * count)
    // A pass for each operation.
    expect(phaseOf({ ...tiny, optimizer: 'adamw-foreach' }, 'optimizer').bytes).toBe(20 * 2 * count)
    expect(phaseOf({ ...tiny, optimizer: 'sgd' }, 'optimizer').bytes).toBe(3 * 2 * count)
    expect(phaseOf({ ...tiny, optimizer: 'adamw-8bit' }, 'optimizer').bytes).toBe(
      3 * 2 * count + 2 * 2 * count * (1 + 4 / 256),
    )
  })

  it('takes the longer of computing and moving for each phase, and their sum for the step', () => {
    for (const job of [
      tiny,
      { task: 'train', model: { name: 'llama-3.2-1b' }, gpu: 't4', precision: 'amp-fp16' },
      { task: 'infer', model: { name: 'llama-3.2-1b' }, gpu: 't4', generatedLength: 64 },
    ]) {
      const { phases, rates, stepMs, fractionOfPeak, intervalMs } = timeOf(job)
      for (const { flops, bytes, ms, boundBy } of phases) {
        const compute = (1000 * flops) / rates.flopsPerSecond
        const move = (1000 * bytes) / rates.bytesPerSecond
        expect(ms).toBe(Math.max(compute, move))
        expect(boundBy).toBe(compute > move ? 'compute' : 'memory')
      }
      expect(stepMs).toBeCloseTo(
        phases.reduce((sum, { ms }) => sum + ms, 0),
        9,
      )
      const flops = phases.reduce((sum, phase) => sum + phase.flops, 0)
      expect(fractionOfPeak).toBeCloseTo(flops / (stepMs / 1000) / rates.peakFlopsPerSecond, 9)
      expect(intervalMs[0]).toBeLessThan(stepMs)
    }
  })

  it('goes through forward and backward once for each micro-batch', () => {
    const once = timeOf(tiny)
    const four = timeOf({ ...tiny, gradientAccumulationSteps: 4 })
    expect(four.phases.map(({ passes }) => passes)).toEqual([4, 4, 4, 1])
    expect(four.phases[0]?.bytes).toBe(4 * (once.phases[0]?.bytes ?? 0))
    expect(four.phases[3]).toEqual(once.phases[3])
  })

  it('reads all weights and the cache for every token that is generated', () => {
    const job = {
      task: 'infer',
      model: { name: 'llama-3.1-8b' },
      gpu: 'h100-sxm',
      promptLength: 1000,
      generatedLength: 200,
      kvAllocation: 'static',
    }
    const decode = phaseOf(job, 'decode')
    // 8,030,261,248 parameters but for the token table of 128,256 × 4,096, in bf16; static: the
    // whole cache of 1,200 tokens, 32 layers × 2 × 8 heads × 128 × 2 B each.
    const weights = 2 * (8_030_261_248 - 128_256 * 4096)
    const cache = 1200 * 32 * 2 * 8 * 128 * 2
    const perToken = decode.bytes / decode.passes
    expect(decode.passes).toBe(200)
    expect(decode.boundBy).toBe('memory')
    expect(perToken).toBeGreaterThan(weights)
    expect(perToken).toBeLessThan((weights + cache) * 1.01)
  })

  it('reads only the experts that tokens go to', () => {
    const job = parseJob({ task: 'infer', model: { name: 'mixtral-8x7b' } })
    const a = resolveModel(job).architecture!
    const head = headOf(job, a)
    const weights = storedWeights(a, head, null, 2)
    // 32 layers × 8 experts × 3 matrices of 4,096 × 14,336; one token goes to 2 of 8.
    const experts = 32 * 8 * 3 * 4096 * 14_336
    const table = 32_000 * 4096
    const all = weights.bytes - 2 * table
    expect(weightBytesRead(weights, a, head, 1)).toBe(all - 2 * experts * (6 / 8))
    expect(weightBytesRead(weights, a, head, 2)).toBe(all - 2 * experts * (6 / 8) ** 2)
    expect(weightBytesRead(weights, a, head, 4096)).toBeCloseTo(all, -3)
  })

  it('expands 4-bit weights in a prompt’s pass, and as it multiplies in that of one token', () => {
    const job = { task: 'infer', model: { name: 'llama-3.1-8b' }, gpu: 'l4', generatedLength: 8 }
    const nf4 = { ...job, quantization: { scheme: 'nf4' } }
    const perToken = (each: object) => phaseOf(each, 'decode').bytes / 8
    expect(perToken(nf4)).toBeLessThan(perToken(job) / 2)
    expect(phaseOf(nf4, 'prefill').bytes).toBeGreaterThan(phaseOf(job, 'prefill').bytes)
  })

  it('uses what a probe measured in place of the datasheet, with nothing out of reach', () => {
    const rates = { flopsPerSecond: 20e12, bytesPerSecond: 250e9, source: 'probe' }
    const job = parseJob({ task: 'train', model: { name: 'llama-3.2-1b' }, gpu: t4.id })
    const time = estimateMemory(job, { rates }).time
    const forward = time?.phases[0]
    expect(forward?.ms).toBe(Math.max((forward?.flops ?? 0) / 20e9, (forward?.bytes ?? 0) / 250e6))
    expect(time?.rates.source).toBe('probe')
  })

  it('gives no time to what is offloaded, and says why', () => {
    const { time, assumptions } = estimateMemory(parseJob({ ...tiny, offload: 'optimizer' }))
    expect(time).toBeNull()
    expect(assumptions).toContainEqual(expect.stringMatching(/^no time: /))
  })

  const base = catalogue.find(({ id }) => id === 'llama-3.2-1b')!.config
  it.each([
    ['full', {}],
    ['checkpointed', { checkpointing: 'layer' }],
    ['LoRA', { method: { type: 'lora', dropout: 0.1 } }],
    ['autocast', { precision: 'amp-bf16' }],
    ['QLoRA, checkpointed', { method: { type: 'qlora' }, checkpointing: 'layer' }],
  ])('writes what all layers write, although one is simulated: %s', (_, change) => {
    const model = { config: { ...base, num_hidden_layers: 4 } }
    const job = parseJob({ task: 'train', model, ...change }) as TrainJob
    const a = resolveModel(job).architecture!
    const options = { checkpointing: job.checkpointing !== 'none', offloadCheckpoints: false }
    const context = () => trainingContext(job, a, headOf(job, a))
    const { written } = simulateTrainingStep(context(), options)
    const reference = simulateTrainingStep(context(), { ...options, unrolled: true }).written
    for (const part of ['forward', 'loss', 'recompute', 'backward', 'saved'] as const) {
      expect(written[part] / Math.max(1, reference[part])).toBeCloseTo(
        reference[part] > 0 ? 1 : 0,
        2,
      )
    }
  })
})
