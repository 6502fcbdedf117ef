import { describe, expect, it } from 'vitest'
import { type GradientCase, largestGradientError } from '../../../../test/onnx/finiteDifferences'
import { runGraph } from '../../../../test/onnx/runGraph'
import { Graph } from '../graph'
import { gelu, silu } from './activations'
import { causalAttention } from './attention'
import { embedding } from './embedding'
import { layerNorm, rmsNorm } from './normalize'
import { rotary, rotaryAngles } from './rotary'
import { matMul } from './stackedMatmul'

const cases: Readonly<Record<string, GradientCase>> = {
  matMul: {
    shapes: [
      [2, 3, 2, 4],
      [2, 3, 4, 3],
    ],
    build: matMul,
  },
  'embedding, one row taken twice': {
    shapes: [[4, 3]],
    build: (graph, table) => embedding(graph, table, graph.constant('int32', [2, 2], [3, 1, 1, 0])),
  },
  layerNorm: {
    shapes: [[2, 3, 4], [4], [4]],
    build: (graph, x, weight, bias) => layerNorm(graph, x, weight, bias, 1e-5),
  },
  rmsNorm: {
    shapes: [[2, 3, 4], [4]],
    build: (graph, x, weight) => rmsNorm(graph, x, weight, 1e-6),
  },
  silu: { shapes: [[3, 4]], build: silu },
  rotary: {
    shapes: [[2, 3, 4]],
    build: (graph, x) =>
      rotary(graph, x, rotaryAngles(graph, 'fp64', { sequenceLength: 3, headSize: 4, theta: 100 })),
  },
  'causalAttention with two heads to each key': {
    shapes: [
      [2, 4, 3, 2],
      [2, 2, 3, 2],
      [2, 2, 3, 2],
    ],
    build: causalAttention,
  },
}

describe('gradients agree with finite differences', () => {
  it.each(Object.entries(cases))('%s', async (_, gradientCase) => {
    expect(await largestGradientError(gradientCase)).toBeLessThan(1e-7)
  })

  it('gelu, whose erf ONNX Runtime computes in fp32', async () => {
    expect(await largestGradientError({ shapes: [[3, 4]], build: gelu, step: 1e-2 })).toBeLessThan(
      2e-4,
    )
  })
})

it('lets no position see a later one', async () => {
  const graph = new Graph('attention')
  const [q, k, v] = ['q', 'k', 'v'].map((name) => graph.input(name, 'fp32', [1, 1, 2, 1]))
  graph.output('y', causalAttention(graph, q!, k!, v!))
  // The first sees itself alone; the second both alike: q · k is 0.
  expect(await runGraph(graph, { q: [0, 0], k: [1, 1], v: [2, 6] })).toEqual({ y: [2, 4] })
})

it('turns the first pair by one radian per position', async () => {
  const graph = new Graph('rotary')
  const x = graph.input('x', 'fp32', [2, 2])
  const angles = rotaryAngles(graph, 'fp32', { sequenceLength: 2, headSize: 2, theta: 10_000 })
  graph.output('y', rotary(graph, x, angles))
  const { y } = await runGraph(graph, { x: [1, 0, 1, 0] })
  expect(y![0]).toBe(1)
  expect(y![2]).toBeCloseTo(Math.cos(1), 6)
  expect(y![3]).toBeCloseTo(Math.sin(1), 6)
})

it('says which shapes do not go together', () => {
  const graph = new Graph('errors')
  const value = (name: string, shape: number[]) => graph.input(name, 'fp32', shape)
  const q = value('q', [1, 3, 2, 4])
  const k = value('k', [1, 2, 2, 4])
  expect(() => causalAttention(graph, q, k, k)).toThrow('heads do not share keys and values evenly')
  expect(() => matMul(graph, q, k)).toThrow('not stacks of matrices')
  expect(() => rmsNorm(graph, q, value('w', [3]), 1e-6)).toThrow('not as long as the last axis')
  expect(() => embedding(graph, value('t', [2, 2]), q)).toThrow('indices are not int32')
})
