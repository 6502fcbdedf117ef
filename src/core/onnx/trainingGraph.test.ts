import { describe, expect, it } from 'vitest'
import { type Batch, runTraining } from '../../../test/onnx/runTraining'
import { tinyGpt2 } from '../../../test/onnx/tinyDecoders'
import { createRandom } from '../random'
import { checkModelSize } from './encodeModel'
import { digitsMlp } from './networks/digitsMlp'
import { gptDecoder } from './networks/gptDecoder'
import { initializeParameters } from './networks/network'
import { buildTrainingGraph } from './trainingGraph'
import type { TrainingOptimizer, TrainingOptions } from './trainingOptions'

const batchSize = 8
const random = createRandom(1)
const weights = initializeParameters(digitsMlp, 0)
const [first, second] = [drawBatch(), drawBatch()]

function drawBatch(): Batch {
  return {
    input: Float32Array.from({ length: batchSize * 64 }, () => random.uniform()),
    labels: Int32Array.from({ length: batchSize }, () => random.integer(10)),
  }
}

/** One behind the other. */
function joined(...batches: readonly Batch[]): Batch {
  return {
    input: Float32Array.from(batches.flatMap(({ input }) => Array.from(input))),
    labels: Int32Array.from(batches.flatMap(({ labels }) => Array.from(labels))),
  }
}

const common = { precision: 'fp32', batchSize, optimizer: 'sgd', learningRate: 0.1 } as const

function run(batches: readonly Batch[], options: Partial<TrainingOptions & { lossScale: number }>) {
  return runTraining(digitsMlp, weights, batches, { ...common, ...options })
}

it('carries nothing for SGD, a number per parameter for momentum, two for Adam and AdamW', () => {
  const count = (optimizer: TrainingOptimizer) =>
    buildTrainingGraph(digitsMlp, { ...common, optimizer })
      .states.filter(({ role }) => role === 'optimizerState')
      .reduce((sum, { shape }) => sum + shape.reduce((product, size) => product * size, 1), 0)
  // digits-mlp has 17 226 parameters
  expect(count('sgd')).toBe(0)
  expect(count('momentum')).toBe(17_226)
  expect(count('adam')).toBe(2 * 17_226)
  expect(count('adamw')).toBe(2 * 17_226)
})

it('moves no weight of AdamW by more than the learning rate in the first step, less its decay, and most by all of it', async () => {
  const { state } = await runTraining(digitsMlp, weights, [first!], {
    ...common,
    optimizer: 'adamw',
    learningRate: 0.001,
  })
  const before = weights.get('linear3.weight')!
  // m̂ ÷ (√v̂ + ε) = g ÷ (|g| + 1e-8) in step 1: ±1, or less for tiny gradients, 0 behind a ReLU that
  // stays shut; decay 1 − 0.001 · 0.01
  const moves = Array.from(state.get('linear3.weight')!, (weight, index) =>
    Math.abs(weight - before[index]! * (1 - 1e-5)),
  )
  expect(Math.max(...moves)).toBeCloseTo(0.001, 6)
  expect(moves.filter((move) => move > 0.00099).length).toBeGreaterThan(moves.length / 2)
})

it.each(['sgd', 'momentum', 'adamw'] as const)(
  'two steps of %s in one run are two runs of one step',
  async (optimizer) => {
    const apart = await run([first!, second!], { optimizer })
    const together = await run([joined(first!, second!)], { optimizer, stepCount: 2 })
    expect(together.losses).toEqual(apart.losses)
    expect(together.state.get('linear1.weight')).toEqual(apart.state.get('linear1.weight'))
  },
)

it('two micro-batches make the step of a batch of both', async () => {
  const whole = await run([joined(first!, second!)], { batchSize: 2 * batchSize })
  const parts = await run([joined(first!, second!)], { accumulationSteps: 2 })
  expect(parts.losses[0]).toBeCloseTo(whole.losses[0]!, 6)
  const expected = whole.state.get('linear1.weight')!
  Array.from(parts.state.get('linear1.weight')!).forEach((weight, index) =>
    expect(weight).toBeCloseTo(expected[index]!, 6),
  )
})

describe('fp16-mixed', () => {
  const mixed = { precision: 'fp16-mixed', lossScale: 1024 } as const

  it('finds the loss and the weights of fp32 to the precision of fp16', async () => {
    const wide = await run([first!], {})
    const { losses, last, state } = await run([first!], mixed)
    expect(losses[0]).toBeCloseTo(wide.losses[0]!, 3)
    expect(last.isFinite).toEqual([1])
    const expected = wide.state.get('linear1.weight')!
    Array.from(state.get('linear1.weight')!).forEach((weight, index) =>
      expect(weight).toBeCloseTo(expected[index]!, 4),
    )
  })

  it('leaves the state as it was where a gradient overflows', async () => {
    // (softmax − 1) ÷ 8 · 2^40 is past fp16's 65504 for every label
    const { last, state } = await run([first!], {
      ...mixed,
      optimizer: 'adamw',
      lossScale: 2 ** 40,
    })
    expect(last.isFinite).toEqual([0])
    expect(state.get('linear1.weight')).toEqual([...weights.get('linear1.weight')!])
    expect(Array.from(state.get('small.0.v')!).every((value) => value === 0)).toBe(true)
  })

  it('does not count a skipped step: what follows it is a first step', async () => {
    const infinite = { ...first!, input: Float32Array.from(first!.input).fill(1e38) }
    const options = { ...mixed, optimizer: 'adamw', learningRate: 0.001 } as const
    const after = await run([joined(infinite, second!)], { ...options, stepCount: 2 })
    const alone = await run([second!], options)
    expect(after.last.isFinite).toEqual([0, 1])
    expect(after.state.get('linear1.weight')).toEqual(alone.state.get('linear1.weight'))
  })

  it('counts what becomes 0 in fp16: all 80 elements of the logits’ gradient at a scale of 2^−40', async () => {
    const { last } = await run([first!], { ...mixed, lossScale: 2 ** -40 })
    expect(last.underflowed).toEqual([80])
  })
})

it('computes bf16-mixed in bf16 but for what CUDA has no bf16 kernels of, weights and updates in fp32', () => {
  const { graph } = buildTrainingGraph(digitsMlp, { ...common, precision: 'bf16-mixed' })
  const withNarrowInput = graph.nodes.filter(({ inputs }) =>
    inputs.some(({ dtype }) => dtype === 'bf16'),
  )
  const missing = ['Greater', 'Less', 'Log', 'Reciprocal', 'Abs']
  expect(
    withNarrowInput.filter(
      ({ opType, phase }) => missing.includes(opType) || phase === 'optimizer',
    ),
  ).toEqual([])
  const products = (nodes: typeof graph.nodes) => nodes.filter(({ opType }) => opType === 'Gemm')
  expect(products(withNarrowInput)).toEqual(products(graph.nodes))
  for (const { dtype } of [...graph.inputs, ...graph.outputs.map(({ value }) => value)]) {
    expect(dtype).not.toBe('bf16')
  }
})

describe('options that do not go together are refused by field', () => {
  const lora = { type: 'lora', rank: 4, alpha: 8, targets: ['linear1'] } as const
  it.each<[Partial<TrainingOptions>, string, string]>([
    [{ batchSize: 0 }, 'batchSize', 'a batch of 0 cannot be run'],
    [{ stepCount: 1.5 }, 'stepCount', '1.5 is not a whole number from 1'],
    [{ accumulationSteps: 0 }, 'accumulationSteps', '0 is not a whole number from 1'],
    [{ method: { ...lora, rank: 0 } }, 'method.rank', '0 is not a whole number'],
    [{ method: { ...lora, alpha: NaN } }, 'method.alpha', 'NaN is not a number above 0'],
    [
      { method: { ...lora, targets: ['q_proj'] } },
      'method.targets',
      'no layer q_proj; it has linear1, linear2, linear3',
    ],
    [{ method: { ...lora, targets: [] } }, 'method.targets', 'at least one layer'],
    [{ method: lora, precision: 'int8-qat' }, 'precision', 'take method full'],
    [
      { method: { ...lora, type: 'qlora', bits: 8, blockSize: 48 } },
      'method.blockSize',
      'blocks of 48 do not divide the 64 inputs of linear1',
    ],
  ])('%o', (change, path, message) => {
    expect(() => buildTrainingGraph(digitsMlp, { ...common, ...change })).toThrow(
      expect.objectContaining({ path, message: expect.stringContaining(message) as string }),
    )
  })
})

describe('what no host or file holds is refused before anything is allocated', () => {
  const config = { ...tinyGpt2, hiddenSize: 1024, vocabSize: 300_000 }

  it('a tensor of more than 1 GiB that goes through run()', () => {
    expect(() => buildTrainingGraph(gptDecoder(config, 8), common)).toThrow(
      expect.objectContaining({
        path: 'embed_tokens.weight',
        // 300 000 · 1024 · 4
        message: expect.stringContaining('1228800000 bytes are more than') as string,
      }),
    )
  })

  it('a frozen base in 16 bits past protobuf’s 2 GiB', () => {
    expect(() => checkModelSize([{ dtype: 'fp16', shape: [2 ** 15, 2 ** 16] }])).toThrow(
      expect.objectContaining({ path: 'model' }),
    )
  })
})
