import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { InputError } from '../errors'
import { builtInGpus } from '../builtInGpus'
import { createRandom } from '../random'
import { catalogue } from '../models/catalogue'
import { GB, GiB } from '../units'
import { fitOnGpus, smallestGpu } from './gpuFit'
import type { Estimate } from './estimate'
import { estimateMemory, explainEstimate } from './estimateMemory'
import { parseJob } from './job'
import { memoryTermNames, totalBytes } from './memoryTerms'

const small = {
  model_type: 'llama',
  hidden_size: 256,
  intermediate_size: 688,
  num_hidden_layers: 4,
  num_attention_heads: 8,
  num_key_value_heads: 4,
  vocab_size: 1000,
}

const estimate = (job: Readonly<Record<string, unknown>>): Estimate =>
  estimateMemory(parseJob({ task: 'train', model: { config: small }, ...job }))

const refusal = (job: Readonly<Record<string, unknown>>): InputError => {
  try {
    estimate(job)
  } catch (error) {
    if (error instanceof InputError) return error
    throw error
  }
  throw new Error('the job was accepted')
}

describe('estimateMemory', () => {
  it('gives the textbook what the textbook says: 112, 56 and 28 GB', () => {
    const textbook = (precision: string, task: string) =>
      estimate({
        task,
        runtime: 'textbook',
        model: { parameterCount: 7e9 },
        precision,
        gpu: 't4',
      })
    const sizes = ['fp32', 'fp16', 'int8'].map((p) => textbook(p, 'train'))
    expect(sizes.map(({ totalPeakBytes }) => totalPeakBytes / GB)).toEqual([112, 56, 28])
    expect(sizes.map(({ verdict }) => verdict)).toEqual(Array(3).fill('doesNotFit'))
    const loads = ['fp32', 'fp16', 'int8'].map((p) => textbook(p, 'infer'))
    expect(loads.map(({ totalPeakBytes }) => totalPeakBytes / GB)).toEqual([28, 14, 7])
  })

  it('puts the peak of AdamW(foreach) at a small batch into the optimizer step', () => {
    const foreach = estimate({ optimizer: 'adamw-foreach', sequenceLength: 8 })
    const fused = estimate({ optimizer: 'adamw-fused', sequenceLength: 8 })
    expect(foreach.peakPhase).toBe('optimizer')
    // √v of every parameter, in bf16.
    expect(foreach.terms.temporaryBytes).toBe(2 * foreach.parameterCount)
    expect(fused.tensorsPeakBytes).toBeLessThan(foreach.tensorsPeakBytes)
  })

  it('splits over n GPUs what each stage of ZeRO splits', () => {
    const on4 = (sharding: string) => estimate({ gpuCount: 4, sharding }).terms
    const alone = estimate({}).terms
    expect(on4('zero1').optimizerStatesBytes).toBe(alone.optimizerStatesBytes / 4)
    expect(on4('zero1').weightsBytes).toBe(alone.weightsBytes)
    const zero3 = estimate({ gpuCount: 64, sharding: 'zero3' })
    const zero2 = estimate({ gpuCount: 64, sharding: 'zero2' })
    expect(zero2.tensorsPeakBytes).toBeLessThan(estimate({}).tensorsPeakBytes)
    expect(zero3.terms.weightsBytes).not.toBe(zero2.terms.weightsBytes)
  })

  it('holds a QLoRA base in half a byte per weight and a little for its scales', () => {
    const config = { ...small, hidden_size: 1024, intermediate_size: 4096, num_hidden_layers: 24 }
    const job = (method: unknown, quantization: unknown) =>
      estimate({ model: { config }, method, quantization, checkpointing: 'layer' })
    const quantization = { scheme: 'nf4', doubleQuant: true }
    const qlora = job({ type: 'qlora', rank: 8 }, quantization)
    const lora = job({ type: 'lora', rank: 8 }, null)
    const linear = 24 * (1024 * (1024 + 512 * 2 + 1024) + 3 * 1024 * 4096)
    // 4 bits, one byte per 64 weights, one fp32 per 256 of those.
    const stored = linear * (0.5 + (1 + 4 / 256) / 64)
    expect(qlora.terms.weightsBytes).toBeGreaterThan(stored)
    expect(qlora.terms.weightsBytes).toBeLessThan(0.35 * lora.terms.weightsBytes)
    expect(qlora.trainableParameterCount).toBe(lora.trainableParameterCount)
  })

  it('counts the KV cache as 2 × layers × heads × size × tokens', () => {
    const infer = { task: 'infer', batchSize: 3, promptLength: 100, generatedLength: 28 }
    const decoded = (job: Readonly<Record<string, unknown>>) =>
      estimate(job).phases.find(({ phase }) => phase === 'decode')?.terms.kvCacheBytes
    expect(decoded(infer)).toBe(3 * 4 * 2 * 4 * 32 * 128 * 2)
    expect(decoded({ ...infer, kvPrecision: 'int8' })).toBe(3 * 4 * 2 * 4 * 32 * 128)
  })

  it('says that a model_type is unknown, and takes a wider interval for it', () => {
    const unknown = estimate({ model: { config: { ...small, model_type: 'llama9' } } })
    expect(unknown.assumptions.join()).toMatch(/"llama9" is not known/)
    const width = ({ tensorsIntervalBytes: [low, high] }: Estimate) => high - low
    expect(width(unknown)).toBeGreaterThan(10 * width(estimate({})))
  })

  it('says where a GPU has no units for the precision', () => {
    const said = (gpu: string, precision: string) =>
      estimate({ gpu, precision }).assumptions.some((line) => line.includes('no bf16 units'))
    expect([said('t4', 'bf16'), said('t4', 'amp-bf16'), said('v100-16gb', 'bf16')]).toEqual([
      true,
      true,
      true,
    ])
    expect([said('t4', 'fp16'), said('l4', 'bf16'), said('mi300x', 'bf16')]).toEqual([
      false,
      false,
      false,
    ])
  })

  it.each([
    [{ gpu: 'rtx-9999' }, 'gpu'],
    [{ model: { path: '/models/x' } }, 'model.path'],
    [{ method: { type: 'lora', targets: ['wq'] } }, 'method.targets.0'],
    [{ runtime: 'onnxruntime' }, 'precision'],
    [{ runtime: 'textbook', optimizer: 'lion' }, 'optimizer'],
    [{ runtime: 'textbook', precision: 'amp-bf16' }, 'precision'],
    [{ runtime: 'textbook', method: { type: 'lora' } }, 'method.type'],
  ])('refuses %j by naming %s', (job, path) => expect(refusal(job).path).toBe(path))

  it('explains every term of the total with its bytes', () => {
    const {
      estimate: whole,
      explained,
      largestTensors,
    } = explainEstimate(parseJob({ task: 'train', model: { config: small } }))
    const sum = explained.reduce((bytes, line) => bytes + line.bytes, 0)
    expect(sum).toBe(whole.totalPeakBytes)
    const named = largestTensors.reduce((bytes, line) => bytes + line.bytes, 0)
    expect(named).toBe(whole.tensorsPeakBytes)
  })
})

describe('solving for what fits', () => {
  const job = { gpu: 't4', model: { name: 'tinyllama-1.1b' }, sequenceLength: 1024, solve: true }

  it('finds the largest batch and the longest sequence that fit, and not one more', () => {
    const solved = estimate({ ...job, method: { type: 'lora', rank: 16 } })
    const at = (part: object) =>
      estimate({ ...job, method: { type: 'lora', rank: 16 }, solve: false, ...part }).verdict
    expect(solved.maxBatchSize).toBeGreaterThan(0)
    expect(at({ batchSize: solved.maxBatchSize })).toBe('fits')
    expect(at({ batchSize: (solved.maxBatchSize ?? 0) + 1 })).not.toBe('fits')
    expect(at({ sequenceLength: solved.maxSequenceLength })).toBe('fits')
    expect(at({ sequenceLength: (solved.maxSequenceLength ?? 0) + 1 })).not.toBe('fits')
  })

  it('lists what would make a job fit, the quickest first', () => {
    const solved = estimate({ ...job, precision: 'fp32', batchSize: 8 })
    expect(solved.verdict).toBe('doesNotFit')
    expect(solved.maxBatchSize).toBe(0)
    const fitting = (solved.reliefs ?? []).filter(({ fitsAfter }) => fitsAfter)
    const factors = fitting.map(({ timeFactor }) => timeFactor)
    expect(factors).toEqual(factors.toSorted((a, b) => a - b))
    expect((solved.reliefs ?? []).every(({ savedBytes }) => savedBytes > 0)).toBe(true)
  })

  it('saves what a relief says where its changes are applied', () => {
    const before = estimate({ ...job, precision: 'fp32', batchSize: 8 })
    for (const { changes, savedBytes } of before.reliefs ?? []) {
      const after = estimate({ ...job, precision: 'fp32', batchSize: 8, ...changes })
      expect(before.totalPeakBytes - after.totalPeakBytes).toBe(savedBytes)
    }
  })

  it('combines changes where none alone is enough', () => {
    const { reliefs } = estimate({ ...job, model: { name: 'llama-3.1-8b' }, sequenceLength: 512 })
    const fitting = (reliefs ?? []).filter(({ fitsAfter }) => fitsAfter)
    expect(fitting.length).toBeGreaterThan(0)
    expect(fitting.every(({ change }) => change.includes(' + '))).toBe(true)
    expect(fitting.map(({ change }) => change)).toContain(
      'checkpoint every layer + QLoRA (nf4, double quantization)',
    )
    const sets = fitting.map(({ change }) => change.split(' + ').toSorted().join())
    expect(new Set(sets).size).toBe(sets.length)
  })

  it('puts the answers of others beside its own', () => {
    const { otherCalculators, parameterCount } = estimate({ ...job, precision: 'fp32' })
    const answer = (name: string) =>
      otherCalculators?.find((other) => other.name.startsWith(name))?.totalBytes
    expect(answer('accelerate')).toBe(16 * parameterCount)
    expect(answer('16 bytes')).toBe(16 * parameterCount)
    expect(answer('DeepSpeed')).toBeNull()
  })

  it('tells the step time by roofline, within the datasheet’s peak', () => {
    const { time } = estimate({ ...job, precision: 'fp16' })
    expect(time?.fractionOfPeak).toBeLessThan(1)
    expect(time?.tokensPerSecond).toBeCloseTo(1024 / ((time?.stepMs ?? 0) / 1000), 6)
    expect(time?.intervalMs[0]).toBeLessThan(time?.stepMs ?? 0)
  })
})

const jobs = fc.record({
  precision: fc.constantFrom('fp32', 'bf16', 'amp-bf16'),
  batchSize: fc.integer({ min: 1, max: 64 }),
  sequenceLength: fc.integer({ min: 1, max: 4096 }),
  checkpointing: fc.constantFrom('none', 'layer', 'offload'),
  attention: fc.constantFrom('sdpa', 'eager', 'flash'),
  optimizer: fc.constantFrom(
    'adamw-fused',
    'adamw-foreach',
    'adamw-8bit',
    'sgd',
    'adafactor',
    'lion',
  ),
  method: fc.constantFrom({ type: 'full' }, { type: 'lora', rank: 16, dropout: 0.1 }),
  gpuCount: fc.constantFrom(1, 2, 8),
  sharding: fc.constantFrom('none', 'zero1', 'zero2', 'zero3', 'pipeline'),
})

describe('any training job', () => {
  it('has finite terms that are not negative and add up', () => {
    fc.assert(
      fc.property(jobs, (job) => {
        const e = estimate(job)
        for (const name of memoryTermNames) {
          expect(Number.isFinite(e.terms[name])).toBe(true)
          expect(e.terms[name]).toBeGreaterThanOrEqual(0)
        }
        expect(totalBytes(e.terms)).toBe(e.totalPeakBytes)
        expect(e.intervalBytes[0]).toBeLessThanOrEqual(e.totalPeakBytes)
        expect(e.intervalBytes[1]).toBeGreaterThanOrEqual(e.totalPeakBytes)
      }),
      { numRuns: 200 },
    )
  })

  it('needs no less for a larger batch, a longer sequence, more layers or a higher rank', () => {
    fc.assert(
      fc.property(jobs, (job) => {
        const bytes = (part: object) => estimate({ ...job, ...part }).totalPeakBytes
        const before = bytes({})
        expect(bytes({ batchSize: job.batchSize + 1 })).toBeGreaterThanOrEqual(before)
        expect(bytes({ sequenceLength: job.sequenceLength + 1 })).toBeGreaterThanOrEqual(before)
        const deeper = { config: { ...small, num_hidden_layers: 16 } }
        expect(bytes({ model: deeper })).toBeGreaterThanOrEqual(before)
        if (job.method.type !== 'lora') return
        const higher = { type: 'lora', rank: 32, dropout: 0.1 }
        expect(bytes({ method: higher })).toBeGreaterThanOrEqual(before)
      }),
      { numRuns: 200 },
    )
  })
})

describe('a sharded or offloaded job', () => {
  /** Small, with experts. */
  const config = {
    model_type: 'qwen2',
    hidden_size: 256,
    intermediate_size: 1024,
    num_hidden_layers: 2,
    num_attention_heads: 4,
    num_key_value_heads: 2,
    vocab_size: 256,
    tie_word_embeddings: false,
    max_position_embeddings: 8192,
    num_local_experts: 4,
    num_experts_per_tok: 2,
    head_dim: 64,
  }
  const common = { task: 'train', precision: 'fp32', masterWeights: 'fp32', gpuCount: 2 }

  // By the GPU's share alone, the highest moment of backward was found too early: 0.1 to 0.2 % less.
  it.each([
    {
      ...common,
      model: { config },
      sharding: 'pipeline',
      offload: 'optimizer',
      optimizer: 'lion',
      checkpointing: 'offload',
      attention: 'eager',
      batchSize: 4,
      sequenceLength: 30,
    },
    {
      ...common,
      model: {
        config: { ...config, num_hidden_layers: 6, vocab_size: 4096, tie_word_embeddings: true },
      },
      sharding: 'zero1',
      offload: 'optimizer',
      optimizer: 'adafactor',
      batchSize: 4,
      sequenceLength: 31,
    },
  ])('needs no less for one sequence or token more: $sharding, $checkpointing', (job) => {
    const at = (fields: object) => estimateMemory(parseJob({ ...job, ...fields }))
    const before = at({})
    for (const larger of [
      at({ batchSize: job.batchSize + 1 }),
      at({ sequenceLength: job.sequenceLength + 1 }),
    ]) {
      expect(larger.totalPeakBytes).toBeGreaterThanOrEqual(before.totalPeakBytes)
      expect(larger.tensorsPeakBytes).toBeGreaterThanOrEqual(before.tensorsPeakBytes)
    }
  })
})

describe('speed', () => {
  it('answers 2,000 jobs in less than 4 seconds of processor time', () => {
    // Not the clock's: other tests run beside this one.
    const started = process.cpuUsage()
    for (let i = 0; i < 2000; i += 1) estimate({ batchSize: 1 + (i % 64) })
    expect(process.cpuUsage(started).user / 1e6).toBeLessThan(4)
  })
})

describe('fitOnGpus', () => {
  it('names the smallest GPU that takes the whole interval, of those whose memory is known', () => {
    const job = estimate({ model: { name: 'llama-3.1-8b' }, method: { type: 'lora', rank: 16 } })
    const fits = fitOnGpus(job, builtInGpus)
    const smallest = smallestGpu(job, builtInGpus)
    // 8.03e9 × 2 B = 15 GiB of weights: 16 GB cards are out, 24 GB cards are in.
    expect(smallest?.usableBytes).toBeGreaterThan(16 * GiB)
    expect(smallest?.usableBytes).toBeLessThan(24 * GiB)
    const index = fits.findIndex(({ verdict }) => verdict === 'fits')
    expect(fits.slice(0, index).every(({ verdict }) => verdict !== 'fits')).toBe(true)
    expect(fits.slice(index).every(({ verdict }) => verdict === 'fits')).toBe(true)
  })

  it('is too close to call in at most 15 % of 1,000 seeded cells', () => {
    const random = createRandom(4)
    const pick = <T>(of: readonly T[]): T => of[random.integer(of.length)] as T
    let close = 0
    for (let cell = 0; cell < 1000; cell += 1) {
      const job = estimate({
        model: { name: pick(catalogue).id },
        method: pick([{ type: 'full' }, { type: 'lora', rank: 16 }]),
        checkpointing: pick(['none', 'layer']),
        batchSize: pick([1, 2, 4, 8]),
        sequenceLength: pick([512, 1024, 2048, 4096]),
        gpu: pick(builtInGpus).id,
      })
      if (job.verdict === 'tooCloseToCall') close += 1
    }
    expect(close).toBeLessThanOrEqual(150)
  })
})
