import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { estimateGraphMemory } from '../../src/core/estimate/onnxGraphMemory'
import type { Graph } from '../../src/core/onnx/graph'
import { digitsMlp } from '../../src/core/onnx/networks/digitsMlp'
import type { GptConfig } from '../../src/core/onnx/networks/gptConfig'
import { gptDecoder } from '../../src/core/onnx/networks/gptDecoder'
import { initializeParameters, type Network } from '../../src/core/onnx/networks/network'
import { buildTrainingGraph } from '../../src/core/onnx/trainingGraph'
import type { TrainingOptions } from '../../src/core/onnx/trainingOptions'
import { buildTrainingProbe } from '../../src/core/onnx/trainingProbe'
import { tinyGpt2, tinyLlama } from '../onnx/tinyDecoders'
import { cudaStubMissing } from './cudaStub'
import { type CudaAnswer, type CudaCase, runOnCuda } from './runOnCuda'

// What the shipped CUDA provider's arena counts in its own profile, against what is told from the graph
// before a session exists. Its allocations are the real ones; cuBLAS's and the context's are not there.

const sizes = {
  vocabSize: 256,
  hiddenSize: 128,
  intermediateSize: 512,
  numHiddenLayers: 2,
  maxPositionEmbeddings: 64,
}
const decoder = (config: GptConfig, changes: Partial<GptConfig> = {}, sequenceLength = 32) =>
  gptDecoder({ ...config, ...sizes, ...changes }, sequenceLength)
const gpt2 = decoder(tinyGpt2)
const llama = decoder(tinyLlama)
const adapters = { rank: 4, alpha: 8, targets: ['q_proj', 'v_proj'] }

function training(name: string, network: Network, options: Partial<TrainingOptions> = {}) {
  const all: TrainingOptions = {
    precision: 'fp32',
    batchSize: 4,
    optimizer: 'adamw',
    joinsSmallTensors: false,
    ...options,
  }
  return { name, ...buildTrainingGraph(network, all, initializeParameters(network, 0)) }
}

const cases: readonly (CudaCase & { readonly graph: Graph })[] = [
  training('MLP of digits, batch 4', digitsMlp),
  training('MLP of digits, batch 256', digitsMlp, { batchSize: 256 }),
  training('gpt2', gpt2),
  training('gpt2, batch 16', gpt2, { batchSize: 16 }),
  training('gpt2 of 4 layers', decoder(tinyGpt2, { numHiddenLayers: 4 })),
  training('gpt2, 256 wide', decoder(tinyGpt2, { hiddenSize: 256, intermediateSize: 1024 })),
  training('gpt2, 64 tokens', decoder(tinyGpt2, {}, 64), { batchSize: 8 }),
  training('llama', llama),
  training('llama, batch 16', llama, { batchSize: 16 }),
  training('llama, checkpointed', llama, { batchSize: 16, isCheckpointed: true }),
  training('llama, 2 micro-batches', llama, { accumulationSteps: 2 }),
  training('gpt2, 2 steps', gpt2, { stepCount: 2 }),
  training('gpt2, SGD', gpt2, { optimizer: 'sgd' }),
  training('gpt2, 8-bit AdamW', gpt2, { optimizer: 'adamw8bit' }),
  training('gpt2, fp16-mixed', gpt2, { precision: 'fp16-mixed' }),
  training('llama, LoRA', llama, { method: { type: 'lora', ...adapters } }),
  ...([4, 8] as const).map((bits) =>
    training(`llama, QLoRA over ${bits} bits`, llama, {
      method: { type: 'qlora', bits, blockSize: 32, ...adapters },
    }),
  ),
  {
    name: 'probe of gpt2, 4 layers, 4 steps',
    ...buildTrainingProbe(decoder(tinyGpt2, { numHiddenLayers: 4 }), {
      precision: 'fp32',
      batchSize: 4,
      optimizer: 'adamw',
      stepCount: 4,
      joinsSmallTensors: false,
    }),
  },
]

describe.skipIf(cudaStubMissing !== null)('the CUDA provider (needs its stand-in)', () => {
  let home: string
  const answers = new Map<string, CudaAnswer>()
  beforeAll(async () => {
    home = await mkdtemp(join(tmpdir(), 'headroom-cuda-memory-'))
    await mkdir(join(home, 'shared'))
    for (const answer of await runOnCuda(home, cases)) answers.set(answer.name, answer)
  }, 120_000)
  afterAll(() => rm(home, { recursive: true, force: true }))

  it.each(cases)(
    'allocates for $name what theory says, within 5 %, and holds exactly what it says',
    ({ name, graph }) => {
      const { error, peakBytes, heldBytes } = answers.get(name)!
      expect(error).toBeUndefined()
      const theory = estimateGraphMemory(graph, { isCpu: false })
      expect(Math.abs(peakBytes / theory.peakBytes - 1)).toBeLessThan(0.05)
      expect(heldBytes).toBe(theory.reservedPeakBytes)
    },
  )
})
