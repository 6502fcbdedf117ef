import { describe, expect, it } from 'vitest'
import { gptDecoder } from '../onnx/networks/gptDecoder'
import { buildTrainingGraph } from '../onnx/trainingGraph'
import { engineDecoder } from './engineDecoder'
import type { Estimate } from './estimate'
import { estimateMemory, explainEstimate } from './estimateMemory'
import { GiB, MiB } from '../units'
import { parseJob } from './job'
import { totalBytes } from './memoryTerms'
import { estimateGraphMemory } from './onnxGraphMemory'
import { resolveModel } from './resolvedModel'

const gpt2 = {
  model_type: 'gpt2',
  n_embd: 64,
  n_head: 4,
  n_layer: 2,
  vocab_size: 96,
  n_positions: 32,
}
const llama = {
  model_type: 'llama',
  hidden_size: 64,
  intermediate_size: 96,
  num_hidden_layers: 2,
  num_attention_heads: 4,
  num_key_value_heads: 2,
  vocab_size: 96,
}

const job = { runtime: 'onnxruntime', model: { config: gpt2 }, precision: 'fp32', batchSize: 4 }

const estimate = (fields: Readonly<Record<string, unknown>>) =>
  estimateMemory(parseJob({ ...job, task: 'train', sequenceLength: 16, ...fields }))

const estimateInference = (fields: Readonly<Record<string, unknown>> = {}) =>
  estimateMemory(parseJob({ ...job, task: 'infer', promptLength: 16, ...fields }))

describe('the onnxruntime runtime', () => {
  it.each([gpt2, llama])('is the memory of the graph that the engine runs', (config) => {
    const { tensorsPeakBytes } = estimate({ model: { config } })
    const { architecture } = resolveModel({ model: { config } })
    const network = gptDecoder(engineDecoder(architecture!, 16).config, 16)
    const { graph } = buildTrainingGraph(network, {
      precision: 'fp32',
      batchSize: 4,
      optimizer: 'adamw',
    })
    expect(tensorsPeakBytes).toBe(estimateGraphMemory(graph, { isCpu: false }).peakBytes)
  })

  it('takes the context that a probe measured in place of the published one, and says so', () => {
    const job = parseJob({
      runtime: 'onnxruntime',
      model: { config: gpt2 },
      precision: 'fp32',
      task: 'train',
      sequenceLength: 16,
    })
    const contextSource = 'nvidia-smi: 301 MiB, less 1 MiB of its arena'
    const measured = explainEstimate(job, { contextBytes: 300 * MiB, contextSource })
    const published = estimateMemory(job)
    // 0.47 GiB is the table's.
    expect(published.totalPeakBytes - measured.estimate.totalPeakBytes).toBeCloseTo(
      0.47 * GiB - 300 * MiB,
      3,
    )
    expect(measured.estimate.assumptions).toContain(`CUDA context, measured here: ${contextSource}`)
    expect(measured.explained[0]?.source).toContain(contextSource)
    // What was measured has no interval of its own.
    const width = ({ intervalBytes: [low, high] }: Estimate) => high - low
    expect(width(measured.estimate)).toBeLessThan(width(published) / 10)
  })

  it('counts the parameters that pytorch counts for the same config', () => {
    for (const config of [gpt2, llama]) {
      const model = { config }
      const counts = [estimate({ model }), estimate({ model, runtime: 'pytorch' })]
      expect(counts[0]!.parameterCount).toBe(counts[1]!.parameterCount)
    }
  })

  it('holds most weights and states twice at the end: up to 2 × 12 bytes a parameter', () => {
    const { phases, parameterCount } = estimate({})
    const { terms } = phases.find(({ phase }) => phase === 'optimizer')!
    const state = terms.weightsBytes + terms.optimizerStatesBytes + terms.stateCopyBytes
    expect(state / (2 * 12 * parameterCount)).toBeGreaterThan(0.7)
    expect(state / (2 * 12 * parameterCount)).toBeLessThan(1.1)
  })

  it.each([
    {},
    { precision: 'amp-fp16', checkpointing: 'layer' },
    { method: { type: 'lora', rank: 4 }, optimizer: 'sgd' },
    { method: { type: 'qlora', rank: 4 }, precision: 'amp-fp16' },
    { method: { type: 'qlora', rank: 4 }, quantization: { scheme: 'bnb-int8' } },
  ])('adds its terms up, within an arena that is no smaller: %j', (fields) => {
    const { terms, totalPeakBytes, tensorsPeakBytes, reservedPeakBytes, phases } = estimate(fields)
    expect(totalBytes(terms)).toBe(totalPeakBytes)
    expect(reservedPeakBytes).toBeGreaterThanOrEqual(tensorsPeakBytes)
    for (const phase of phases) expect(totalBytes(phase.terms)).toBe(phase.peakBytes)
  })

  it('stores the base of adapters in 8 bits where bnb-int8 is given, and says whose they are', () => {
    const method = { type: 'lora', rank: 4 }
    const weights = (fields: Readonly<Record<string, unknown>>) =>
      estimate({ method, ...fields }).phases[0]!.terms.weightsBytes
    const quantization = { scheme: 'bnb-int8' }
    const four = weights({ method: { ...method, type: 'qlora' } })
    const eight = weights({ quantization })
    // Half a byte more for each of 2 layers · (4 · 64² + 2 · 64 · 256) weights.
    expect(eight - four).toBe((2 * (4 * 64 ** 2 + 2 * 64 * 256)) / 2)
    expect(weights({})).toBeGreaterThan(eight)
    expect(estimate({ method, quantization }).assumptions.join()).toContain('8-bit integers')
  })

  it('has one phase in inference, whose weights are those of the model', () => {
    const { phases, terms, parameterCount } = estimateInference()
    expect(phases.map(({ phase }) => phase)).toEqual(['prefill'])
    expect(terms.weightsBytes).toBe(4 * parameterCount)
    expect(estimateInference({ precision: 'fp16' }).terms.weightsBytes).toBe(2 * parameterCount)
  })

  it('grows its arena in regions that double, from 1 MiB', () => {
    const { reservedPeakBytes } = estimate({})
    expect(Math.log2(reservedPeakBytes / 2 ** 20 + 1) % 1).toBe(0)
  })

  it('needs more for a larger batch, less with checkpointing where activations decide', () => {
    const large = { model: { config: { ...gpt2, n_layer: 6 } }, batchSize: 64, optimizer: 'sgd' }
    const peak = (fields: typeof large & { checkpointing?: string }) =>
      estimate(fields).tensorsPeakBytes
    expect(peak(large)).toBeGreaterThan(peak({ ...large, batchSize: 32 }))
    expect(peak({ ...large, checkpointing: 'layer' })).toBeLessThan(peak(large))
  })

  it.each([
    [{ model: { name: 'gemma-2b' } }, 'runtime'],
    [{ model: { config: { ...llama, num_local_experts: 4 } } }, 'runtime'],
    [{ precision: 'bf16' }, 'precision'],
    [{ optimizer: 'lion' }, 'optimizer'],
    [{ loss: 'chunked' }, 'loss'],
    [{ gpuCount: 2 }, 'gpuCount'],
    [{ method: { type: 'lora', dropout: 0.1 } }, 'method.dropout'],
    [{ sequenceLength: 64 }, 'sequenceLength'],
    [{ method: { type: 'qlora' }, quantization: { scheme: 'nf4' } }, 'quantization'],
  ])('refuses what the engine has no graph for: %j', (fields, path) => {
    expect(() => estimate(fields)).toThrow(expect.objectContaining({ path }))
  })

  it('refuses a model that no protobuf holds, and generating, of which it has no cache', () => {
    expect(() => estimateInference({ model: { name: 'llama-2-7b' } })).toThrow(
      expect.objectContaining({ path: 'model' }),
    )
    expect(() => estimateInference({ generatedLength: 1 })).toThrow(
      expect.objectContaining({ path: 'generatedLength' }),
    )
  })
})
