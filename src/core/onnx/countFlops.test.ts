import { expect, it } from 'vitest'
import { tinyLlama } from '../../../test/onnx/tinyDecoders'
import { countFlops } from './countFlops'
import { Graph } from './graph'
import { buildInferenceGraph } from './inferenceGraph'
import { gptDecoder } from './networks/gptDecoder'
import { initializeParameters, type Network } from './networks/network'
import { presetNetwork } from './networks/presets'
import { gemm } from './ops/matmul'
import { buildTrainingGraph } from './trainingGraph'

const infer = (network: Network, batchSize: number) =>
  countFlops(
    buildInferenceGraph(network, initializeParameters(network, 0), {
      precision: 'fp32',
      batchSize,
    }).graph,
  )
const train = (network: Network, batchSize: number) =>
  countFlops(buildTrainingGraph(network, { precision: 'fp32', batchSize, optimizer: 'sgd' }).graph)

it('counts two per multiplication: [2, 3] × [3, 5] are 2 · 2 · 3 · 5 = 60, transposed or not', () => {
  const graph = new Graph('products')
  const b = graph.input('b', 'fp32', [3, 5])
  gemm(graph, graph.input('a', 'fp32', [2, 3]), b)
  expect(countFlops(graph)).toBe(60)
  gemm(graph, graph.input('c', 'fp32', [3, 2]), b, null, { transposeA: true })
  expect(countFlops(graph)).toBe(120)
})

it('counts a perceptron: 2 · (64 · 128 + 128 · 64 + 64 · 10) per image', () => {
  expect(infer(presetNetwork('digits-mlp'), 4)).toBe(4 * 2 * (64 * 128 + 128 * 64 + 64 * 10))
})

it('trains a perceptron in thrice the forward pass, less the gradient of its pixels', () => {
  const forward = infer(presetNetwork('digits-mlp'), 4)
  expect(train(presetNetwork('digits-mlp'), 4)).toBe(3 * forward - 4 * 2 * 64 * 128)
})

it('counts a convolution by its filters, and its backward pass as it is computed', () => {
  const network = presetNetwork('digits-cnn')
  const ratio = train(network, 4) / infer(network, 4)
  // Thrice, and what the gradient of strided filters computes and cuts off again.
  expect(ratio).toBeGreaterThan(2.5)
  expect(ratio).toBeLessThan(4)
})

it('counts a decoder: projections, both products of attention and the head', () => {
  const { hiddenSize: h, intermediateSize: f, vocabSize, numHiddenLayers } = tinyLlama
  const [batch, tokens] = [2, 8]
  const keyValues = h / 2 // 2 of 4 heads
  const linear = 2 * h * h + 2 * h * keyValues + 3 * h * f
  const attention = 2 * tokens * h // scores, then their sum of values
  const perToken = numHiddenLayers * (linear + attention) + h * vocabSize
  expect(infer(gptDecoder(tinyLlama, tokens), batch)).toBe(2 * batch * tokens * perToken)
})
