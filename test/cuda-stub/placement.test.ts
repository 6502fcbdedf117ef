import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { buildInferenceGraph } from '../../src/core/onnx/inferenceGraph'
import { buildInt8Graph } from '../../src/core/onnx/int8Graph'
import { digitsCnn } from '../../src/core/onnx/networks/digitsCnn'
import { digitsMlp } from '../../src/core/onnx/networks/digitsMlp'
import { gptDecoder } from '../../src/core/onnx/networks/gptDecoder'
import { initializeParameters, type Network } from '../../src/core/onnx/networks/network'
import { elementCount } from '../../src/core/onnx/graph'
import { buildTrainingGraph } from '../../src/core/onnx/trainingGraph'
import type { TrainingMethod, TrainingOptions } from '../../src/core/onnx/trainingOptions'
import { tinyGpt2, tinyLlama } from '../onnx/tinyDecoders'
import { cudaStubMissing } from './cudaStub'
import { type CudaAnswer, type CudaCase, runOnCuda } from './runOnCuda'

// The shipped CUDA provider over a stand-in for CUDA, at the optimization level that ships and without
// cuDNN: which nodes it takes, and what crosses the bus. No value and no time is looked at.

const batchSize = 4
const networks = [digitsMlp, gptDecoder(tinyGpt2, 8), gptDecoder(tinyLlama, 8)]
const decoders = networks.slice(1)

function inference(network: Network): CudaCase[] {
  const weights = initializeParameters(network, 0)
  return (['fp32', 'fp16'] as const).map((precision) => ({
    name: `${network.name} ${precision} inference`,
    ...buildInferenceGraph(network, weights, { precision, batchSize }),
  }))
}

function training(network: Network, options: Partial<TrainingOptions>): CudaCase {
  const all: TrainingOptions = {
    precision: 'fp32',
    batchSize,
    optimizer: 'adamw',
    joinsSmallTensors: false,
    ...options,
  }
  const { method = { type: 'full' }, stepCount = 1, accumulationSteps = 1 } = options
  const bits = method.type === 'qlora' ? ` ${method.bits}` : ''
  const more = [
    ...(options.isCheckpointed ? ['checkpointed'] : []),
    ...(stepCount > 1 ? [`${stepCount} steps`] : []),
    ...(accumulationSteps > 1 ? [`${accumulationSteps} micro-batches`] : []),
  ]
  const { inputs, model } = buildTrainingGraph(network, all, initializeParameters(network, 0))
  const what = [network.name, all.precision, all.optimizer, `${method.type}${bits}`, ...more]
  return { name: what.join(' '), inputs, model }
}

const lora: TrainingMethod = {
  type: 'lora',
  rank: 4,
  alpha: 8,
  targets: ['q_proj', 'v_proj', 'up_proj'],
}
const qlora = (bits: 8 | 4): TrainingMethod => ({ ...lora, type: 'qlora', bits, blockSize: 8 })

const cases: readonly CudaCase[] = [
  ...networks.flatMap(inference),
  {
    name: 'digits-mlp int8-weights inference',
    ...buildInt8Graph(digitsMlp, initializeParameters(digitsMlp, 0), {
      mode: 'int8-weights',
      batchSize,
      alphas: {},
    }),
  },
  ...networks.flatMap((network) => [
    ...(['sgd', 'momentum', 'adam', 'adamw', 'adamw8bit'] as const).flatMap((optimizer) =>
      (['fp32', 'fp16-mixed'] as const).map((precision) =>
        training(network, { optimizer, precision }),
      ),
    ),
    training(network, { precision: 'int8-qat' }),
    training(network, { stepCount: 3 }),
    training(network, { accumulationSteps: 2 }),
    training(network, { precision: 'fp16-mixed', stepCount: 2, accumulationSteps: 2 }),
  ]),
  ...decoders.flatMap((network) => [
    ...(['fp32', 'fp16-mixed', 'bf16-mixed'] as const).flatMap((precision) =>
      [lora, qlora(4), qlora(8)].map((method) => training(network, { precision, method })),
    ),
    training(network, { isCheckpointed: true }),
    training(network, { isCheckpointed: true, method: lora, stepCount: 3 }),
    training(network, { method: qlora(4), optimizer: 'adamw8bit' }),
    training(network, { method: qlora(8), optimizer: 'adamw8bit' }),
    training(network, { method: qlora(8), isCheckpointed: true, stepCount: 3 }),
  ]),
  ...networks.map((network) => training(network, { precision: 'bf16-mixed' })),
]

describe.skipIf(cudaStubMissing !== null)('the CUDA provider (needs its stand-in)', () => {
  let home: string
  const answers = new Map<string, CudaAnswer>()

  beforeAll(async () => {
    home = await mkdtemp(join(tmpdir(), 'headroom-placement-'))
    await mkdir(join(home, 'shared'))
    for (const answer of await runOnCuda(home, cases)) answers.set(answer.name, answer)
  }, 240_000)
  afterAll(() => rm(home, { recursive: true, force: true }))

  it.each(cases)('runs $name wholly, without a copy between', ({ name }) => {
    const { error, nodesByProvider, memcpyNodes } = answers.get(name)!
    expect(error).toBeUndefined()
    expect(Object.keys(nodesByProvider)).toEqual(['cuda'])
    expect(nodesByProvider.cuda).toBeGreaterThan(0)
    expect(memcpyNodes).toBe(0)
  })

  it.each(networks)(
    'copies for one more step of $name its batch, its loss and no more than 4 KiB',
    (network) => {
      const bytes = (stepCount: number) => {
        const { bytesToDevice, bytesToHost } = answers.get(
          `${network.name} fp32 adamw full${stepCount > 1 ? ` ${stepCount} steps` : ''}`,
        )!
        return bytesToDevice + bytesToHost
      }
      // Images of 64 values in fp32 or 8 tokens in int32, their labels, the loss.
      const sample = network.inputType === 'tokens' ? 8 * 4 : 64 * 4
      const batch = batchSize * (sample + network.rowsPerSample * 4)
      expect((bytes(3) - bytes(1)) / 2).toBeLessThanOrEqual(batch + 4 + 4096)
    },
  )

  it.each(networks)('copies the state of $name in and out once a run', (network) => {
    const { inputs } = cases.find(({ name }) => name === `${network.name} fp32 adamw full`)!
    const { bytesToDevice, bytesToHost } = answers.get(`${network.name} fp32 adamw full`)!
    const fed = inputs.reduce((sum, { shape }) => sum + 4 * elementCount(shape), 0)
    expect(bytesToDevice).toBeLessThanOrEqual(fed + 4096)
    expect(bytesToHost).toBeLessThanOrEqual(fed + 4)
  })

  it('cannot run convolutions without cuDNN, and says so', async () => {
    const [answer] = await runOnCuda(home, [inference(digitsCnn)[0]!])
    expect(answer!.error).toContain('cuDNN')
  }, 60_000)
})
