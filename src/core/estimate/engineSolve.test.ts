import { describe, expect, it } from 'vitest'
import { countFlops } from '../onnx/countFlops'
import { gptDecoder } from '../onnx/networks/gptDecoder'
import { buildTrainingGraph } from '../onnx/trainingGraph'
import { engineDecoder } from './engineDecoder'
import { estimateMemory } from './estimateMemory'
import { parseJob } from './job'
import { resolveModel } from './resolvedModel'

const config = {
  model_type: 'gpt2',
  n_embd: 256,
  n_head: 4,
  n_layer: 2,
  vocab_size: 4096,
  n_positions: 64,
}
const job = {
  task: 'train',
  runtime: 'onnxruntime',
  model: { config },
  precision: 'fp32',
  gpu: 't4',
  batchSize: 4,
  sequenceLength: 64,
}

const estimate = (fields: object = {}) => estimateMemory(parseJob({ ...job, ...fields }))

describe('the onnxruntime runtime, the other way round', () => {
  const solved = estimate({ solve: true })

  it('finds a batch that fits its own graph, and says where the next one stops', () => {
    const { maxBatchSize, assumptions } = solved
    expect(estimate({ batchSize: maxBatchSize }).verdict).toBe('fits')
    const gap = assumptions.find((line) => line.includes('largest batch'))
    const miss = Number(/less than (\d+)/.exec(gap ?? '')?.[1] ?? (maxBatchSize ?? 0) + 1)
    expect(estimate({ batchSize: miss }).verdict).not.toBe('fits')
  })

  it('searches no longer sequences than the model has positions for', () => {
    expect(solved.maxSequenceLength).toBe(64)
    expect(solved.assumptions).toContain('onnxruntime: sequences were searched up to 64 tokens')
  })

  it('offers what the engine has graphs for, and saves what it says', () => {
    const changes = solved.reliefs?.map(({ change }) => change) ?? []
    expect(changes).toContain('LoRA of rank 16')
    expect(changes.every((change) => !/ZeRO|nf4|bf16|chunks/.test(change))).toBe(true)
    for (const { changes: fields, savedBytes } of solved.reliefs ?? []) {
      expect(solved.totalPeakBytes - estimate(fields).totalPeakBytes).toBe(savedBytes)
    }
  })

  it('says in one line what it does not search without a GPU', () => {
    const { maxBatchSize, otherCalculators, assumptions } = estimate({ gpu: null, solve: true })
    expect(maxBatchSize).toBeNull()
    expect(otherCalculators).not.toBeNull()
    expect(assumptions).toContain('onnxruntime: without a GPU there is no limit to search')
  })
})

describe('the time of the engine’s graph', () => {
  it('has the operations of its matrix products, in the phases of the step', () => {
    const { time } = estimate()
    const { architecture } = resolveModel({ model: { config } })
    const network = gptDecoder(engineDecoder(architecture!, 64).config, 64)
    const { graph } = buildTrainingGraph(network, {
      precision: 'fp32',
      batchSize: 4,
      optimizer: 'adamw',
    })
    expect(time?.phases.map(({ phase }) => phase)).toEqual([
      'forward',
      'loss',
      'backward',
      'optimizer',
    ])
    const flops = time?.phases.reduce((sum, phase) => sum + phase.flops, 0)
    expect(flops).toBe(countFlops(graph))
    const [forward, , backward] = time?.phases ?? []
    expect(backward?.flops).toBe(2 * (forward?.flops ?? 0))
  })

  it('passes over the prompt once', () => {
    const { sequenceLength, ...rest } = job
    const prompt = { ...rest, task: 'infer', promptLength: sequenceLength }
    const { time } = estimateMemory(parseJob(prompt))
    expect(time?.phases.map(({ phase }) => phase)).toEqual(['prefill'])
    expect(time?.tokensPerSecond).toBeCloseTo((4 * 64) / ((time?.stepMs ?? 0) / 1000), 6)
  })

  it('computes fp32 in TF32 where the GPU has it, as its provider does unless told otherwise', () => {
    const rate = (gpu: string) => estimate({ gpu }).time?.rates.peakFlopsPerSecond
    expect(rate('a100-80gb')).toBe(156e12)
    expect(rate('t4')).toBe(8.1e12)
  })
})
