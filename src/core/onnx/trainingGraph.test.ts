import { describe, expect, it } from 'vitest'
import { runGraph } from '../../../test/onnx/runGraph'
import { createRandom } from '../random'
import { elementCount, type Graph } from './graph'
import { digitsMlp } from './networks/digitsMlp'
import { initializeParameters } from './networks/network'
import { stepScalars } from './trainingFeeds'
import { buildTrainingGraph, type TrainingGraph, type TrainingOptions } from './trainingGraph'

const batchSize = 8
const random = createRandom(1)
const images = Float32Array.from({ length: batchSize * 64 }, () => random.uniform())
const labels = Int32Array.from({ length: batchSize }, () => random.integer(10))
const weights = initializeParameters(digitsMlp, 0)

function build(options: Partial<TrainingOptions>): TrainingGraph {
  return buildTrainingGraph(digitsMlp, {
    precision: 'fp32',
    batchSize,
    optimizer: 'sgd',
    ...options,
  })
}

function firstStep(training: TrainingGraph, { lossScale = 1024, learningRate = 0.1 } = {}) {
  const states = training.states.map(({ name, role, parameter, shape }) => [
    name,
    role === 'weight' ? weights.get(parameter)! : new Float32Array(elementCount(shape)),
  ])
  const scalars = Object.entries(stepScalars(training, { step: 1, learningRate, lossScale }))
  return runGraph(training.graph as Graph, {
    ...Object.fromEntries(states),
    ...Object.fromEntries(scalars.map(([name, value]) => [name, [value]])),
    input: images,
    labels,
  })
}

it('carries no state for SGD, one tensor per parameter for momentum, two for Adam and AdamW', () => {
  const count = (optimizer: TrainingOptions['optimizer']) =>
    build({ optimizer }).states.filter(({ role }) => role === 'optimizerState').length
  // digits-mlp has three layers of a matrix and a bias: 6 parameters
  expect(['sgd', 'momentum', 'adam', 'adamw'].map((name) => count(name as 'sgd'))).toEqual([
    0, 6, 12, 12,
  ])
})

it('moves no weight of AdamW by more than the learning rate in the first step, less its decay, and most by all of it', async () => {
  const after = await firstStep(build({ optimizer: 'adamw' }), { learningRate: 0.001 })
  const before = weights.get('linear3.weight')!
  // m̂ ÷ (√v̂ + ε) = g ÷ (|g| + 1e-8) in step 1: ±1, or less for tiny gradients, 0 behind a ReLU that
  // stays shut; decay 1 − 0.001 · 0.01
  const moves = after['linear3.weight.next']!.map((weight, index) =>
    Math.abs(weight - before[index]! * (1 - 1e-5)),
  )
  expect(Math.max(...moves)).toBeCloseTo(0.001, 6)
  expect(moves.filter((move) => move > 0.00099).length).toBeGreaterThan(moves.length / 2)
})

describe('fp16-mixed', () => {
  it('finds the loss and the weights of fp32 to the precision of fp16', async () => {
    const wide = await firstStep(build({}))
    const mixed = await firstStep(build({ precision: 'fp16-mixed' }))
    expect(mixed.loss![0]).toBeCloseTo(wide.loss![0]!, 3)
    expect(mixed.isFinite).toEqual([1])
    mixed['linear1.weight.next']!.forEach((weight, index) =>
      expect(weight).toBeCloseTo(wide['linear1.weight.next']![index]!, 4),
    )
  })

  it('leaves the state as it was where a gradient overflows', async () => {
    const training = build({ precision: 'fp16-mixed', optimizer: 'adamw' })
    // (softmax − 1) ÷ 8 · 2^40 is past fp16's 65504 for every label
    const after = await firstStep(training, { lossScale: 2 ** 40 })
    expect(after.isFinite).toEqual([0])
    expect(after['linear1.weight.next']).toEqual([...weights.get('linear1.weight')!])
    expect(after['linear1.weight.v.next']!.every((value) => value === 0)).toBe(true)
  })

  it('counts what becomes 0 in fp16: all 80 elements of the logits’ gradient at a scale of 2^−40', async () => {
    const after = await firstStep(build({ precision: 'fp16-mixed' }), { lossScale: 2 ** -40 })
    expect(after.underflowed).toEqual([80])
  })
})
