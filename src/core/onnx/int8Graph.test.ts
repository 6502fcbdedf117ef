import { fromBinary } from '@bufbuild/protobuf'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { runGraph } from '../../../test/onnx/runGraph'
import { maxLevel, quantizePerChannel, roundHalfToEven, scaleOf } from '../quantize/int8'
import { createRandom } from '../random'
import type { Graph } from './graph'
import { buildInferenceGraph } from './inferenceGraph'
import { buildCalibrationGraph, buildInt8Graph, type Int8Mode } from './int8Graph'
import { digitsCnn } from './networks/digitsCnn'
import { digitsMlp } from './networks/digitsMlp'
import { initializeParameters, type Network, type Weights } from './networks/network'
import { relu } from './ops/elementwise'
import { linear } from './ops/matmul'
import { ModelProtoSchema } from './proto/onnx_pb.gen'

const batchSize = 3
const random = createRandom(7)
const images = Float32Array.from({ length: batchSize * 64 }, () => random.uniform())
const mlpAlphas = { 'linear1 input': 1, 'linear2 input': 3, 'linear3 input': 4 }
const cnnAlphas = { 'conv1 input': 1, 'conv2 input': 2, 'linear input': 3 }

describe('int8-gemm', () => {
  it('gives the logits of the MLP in whole numbers, level by level', async () => {
    const weights = initializeParameters(digitsMlp, 1)
    const { graph } = buildInt8Graph(digitsMlp, weights, {
      mode: 'int8-gemm',
      batchSize,
      alphas: mlpAlphas,
    })
    const { logits } = await runGraph(graph, { input: images })
    const expected = [0, 1, 2].flatMap((row) =>
      integerLogits(weights, images.subarray(row * 64, row * 64 + 64)),
    )
    logits!.forEach((logit, index) => expect(Math.abs(logit - expected[index]!)).toBeLessThan(1e-5))
  })

  it('runs the kernels that are named, from the first quantization to the logits', async () => {
    expect(await operatorsThatRun(digitsMlp, 'int8-gemm', mlpAlphas)).toEqual([
      'QuantizeLinear',
      'Clip',
      'QGemm',
      'Clip',
      'QGemm',
      'Clip',
      'QGemm',
    ])
    const cnn = await operatorsThatRun(digitsCnn, 'int8-gemm', cnnAlphas)
    expect(cnn.filter((name) => /Conv|Gemm|MatMul/.test(name))).toEqual([
      'QLinearConv',
      'QLinearConv',
      'QGemm',
    ])
    expect(cnn).not.toContain('DequantizeLinear')
  })

  it('does not saturate where all products are as large as they can be', async () => {
    // Every pixel at alpha, every weight at its channel's maximum: 127 · 127 · 64 = 1 032 256.
    const network = oneLayer()
    const weights: Weights = new Map([
      ['layer.weight', new Float32Array(64 * 10).fill(0.5)],
      ['layer.bias', new Float32Array(10)],
    ])
    const { graph } = buildInt8Graph(network, weights, {
      mode: 'int8-gemm',
      batchSize: 1,
      alphas: { 'layer input': 1 },
    })
    const { logits } = await runGraph(graph, { input: new Float32Array(64).fill(9) })
    // Clipped to 1: 64 · 1 · 0.5
    for (const logit of logits!) expect(logit).toBeCloseTo(32, 4)
  })

  it('refuses a layer without alpha, and an input that may be negative', () => {
    const build = (network: Network, alphas: Record<string, number>) =>
      buildInt8Graph(network, initializeParameters(network, 1), {
        mode: 'int8-gemm',
        batchSize,
        alphas,
      })
    expect(() => build(digitsMlp, { 'linear1 input': 1 })).toThrow('no alpha for linear2 input')
    const withoutRelu: Network = {
      ...digitsMlp,
      forward: (graph, input, parameters) => {
        const value = (name: string) => parameters.get(name)!
        const hidden = linear(graph, input, value('linear1.weight'), value('linear1.bias'))
        return linear(graph, hidden, value('linear2.weight'), value('linear2.bias'))
      },
    }
    expect(() => build(withoutRelu, mlpAlphas)).toThrow('may be negative')
  })
})

describe('int8-weights', () => {
  it.each([
    ['digits-mlp', digitsMlp],
    ['digits-cnn', digitsCnn],
  ])('computes in fp32 with the weights that int8 leaves: %s', async (_, network) => {
    const weights = initializeParameters(network, 2)
    const { graph } = buildInt8Graph(network, weights, {
      mode: 'int8-weights',
      batchSize,
      alphas: {},
    })
    const left: Weights = new Map(
      network.parameters.map(({ name, shape }) => {
        const values = weights.get(name)!
        return [name, shape.length === 1 ? values : dequantized(values, shape)]
      }),
    )
    const same = buildInferenceGraph(network, left, { precision: 'fp32', batchSize })
    const { logits } = await runGraph(graph, { input: images })
    const { logits: expected } = await runGraph(same.graph, { input: images })
    // MatMulNBits, into which ONNX Runtime may turn a layer, quantizes its input for itself.
    logits!.forEach((logit, index) =>
      expect(Math.abs(logit - expected![index]!)).toBeLessThan(0.02),
    )
  })

  it('keeps its weights in int8 until they are used', async () => {
    const operators = await operatorsThatRun(digitsCnn, 'int8-weights', {})
    expect(operators.filter((name) => name === 'DequantizeLinear').length).toBeGreaterThan(1)
    expect(operators).not.toContain('QLinearConv')
  })
})

it('stores weights in a quarter of the bytes', () => {
  const weights = initializeParameters(digitsMlp, 1)
  const fp32 = buildInferenceGraph(digitsMlp, weights, { precision: 'fp32', batchSize })
  const weightBytes = (graph: Graph) =>
    graph.initializers
      .filter(({ value }) => value.role === 'weight' && value.shape.length > 1)
      .reduce((sum, { bytes }) => sum + bytes.length, 0)
  for (const mode of ['int8-gemm', 'int8-weights'] as const) {
    const int8 = buildInt8Graph(digitsMlp, weights, { mode, batchSize, alphas: mlpAlphas })
    // 64·128 + 128·64 + 64·10
    expect(weightBytes(int8.graph)).toBe(17_024)
  }
  expect(weightBytes(fp32.graph)).toBe(4 * 17_024)
})

it('shows calibration what each layer takes, beside the logits', async () => {
  const weights = initializeParameters(digitsCnn, 1)
  const graph = buildCalibrationGraph(digitsCnn, weights, batchSize)
  expect(graph.outputs.map(({ name, shape }) => [name, ...shape])).toEqual([
    ['logits', 3, 10],
    ['conv1 input', 3, 1, 8, 8],
    ['conv2 input', 3, 16, 8, 8],
    ['linear input', 3, 512],
  ])
  const results = await runGraph(graph.graph, { input: images })
  expect(results['conv1 input']).toEqual([...images])
  expect(Math.min(...results['conv2 input']!)).toBe(0)
})

/** The integer network again, in plain arithmetic. */
function integerLogits(weights: Weights, image: Float32Array): number[] {
  let levels = [...image].map((pixel) => toLevel(pixel, scaleOf(1)))
  for (const layer of [1, 2, 3] as const) {
    const inputScale = scaleOf(mlpAlphas[`linear${layer} input`])
    const bias = weights.get(`linear${layer}.bias`)!
    const [inputs, outputs] = [levels.length, bias.length]
    const weight = quantizePerChannel(weights.get(`linear${layer}.weight`)!, [inputs, outputs], 1)
    const sums = Array.from(bias, (value, column) => {
      const step = inputScale * weight.scales[column]!
      return levels.reduce(
        (sum, level, row) => sum + level * weight.levels[row * outputs + column]!,
        roundHalfToEven(value / step),
      )
    })
    const values = sums.map((sum, column) => sum * inputScale * weight.scales[column]!)
    if (layer === 3) return values
    const nextScale = scaleOf(mlpAlphas[layer === 1 ? 'linear2 input' : 'linear3 input'])
    levels = values.map((value) => toLevel(value, nextScale))
  }
  return []
}

function toLevel(value: number, scale: number): number {
  return Math.min(maxLevel, Math.max(0, roundHalfToEven(Math.fround(value / scale))))
}

function dequantized(values: Float32Array, shape: readonly number[]): Float32Array {
  const axis = shape.length === 4 ? 0 : 1
  const { levels, scales } = quantizePerChannel(values, shape, axis)
  const inner = shape.slice(axis + 1).reduce((product, size) => product * size, 1)
  return Float32Array.from(
    levels,
    (level, index) => level * scales[Math.floor(index / inner) % shape[axis]!]!,
  )
}

function oneLayer(): Network {
  return {
    ...digitsMlp,
    name: 'one layer',
    parameters: [
      { name: 'layer.weight', shape: [64, 10], initialization: { type: 'ones' } },
      { name: 'layer.bias', shape: [10], initialization: { type: 'zeros' } },
    ],
    forward: (graph, input, parameters) =>
      linear(
        graph,
        relu(graph, input),
        parameters.get('layer.weight')!,
        parameters.get('layer.bias')!,
      ),
  }
}

/** Operators of the graph as ONNX Runtime has rewritten it for its CPU provider, in order. */
async function operatorsThatRun(
  network: Network,
  mode: Int8Mode,
  alphas: Readonly<Record<string, number>>,
): Promise<string[]> {
  const { graph } = buildInt8Graph(network, initializeParameters(network, 1), {
    mode,
    batchSize,
    alphas,
  })
  const folder = mkdtempSync(join(tmpdir(), 'headroom-int8-'))
  const optimizedModelFilePath = join(folder, 'optimized.onnx')
  try {
    await runGraph(
      graph,
      { input: images },
      { graphOptimizationLevel: 'all', optimizedModelFilePath, logSeverityLevel: 3 },
    )
    const model = fromBinary(ModelProtoSchema, readFileSync(optimizedModelFilePath))
    return model.graph!.node.map(({ opType }) => opType)
  } finally {
    rmSync(folder, { recursive: true })
  }
}
