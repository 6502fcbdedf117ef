import { describe, expect, it } from 'vitest'
import { largestGradientError } from '../../../../test/onnx/finiteDifferences'
import { runGraph } from '../../../../test/onnx/runGraph'
import { Graph, type Value } from '../graph'
import {
  abs,
  add,
  and,
  cast,
  div,
  equal,
  erf,
  exp,
  greater,
  lessOrEqual,
  log,
  mul,
  neg,
  not,
  relu,
  round,
  sigmoid,
  sqrt,
  sub,
  tanh,
  where,
} from './elementwise'

describe('gradients agree with finite differences', () => {
  const unary = { neg, exp, sqrt, log, tanh, sigmoid, relu, abs }
  it.each(Object.entries(unary))('%s', async (name, build) => {
    const isPositiveOnly = name === 'sqrt' || name === 'log'
    const range = isPositiveOnly ? ([0.5, 2] as const) : ([-2, 2] as const)
    expect(await largestGradientError({ shapes: [[3, 4]], build, range })).toBeLessThan(1e-8)
  })

  const binary = { add, sub, mul, div }
  it.each(Object.entries(binary))('%s, broadcast both ways', async (_, build) => {
    for (const shapes of [
      [
        [2, 3],
        [2, 3],
      ],
      [[2, 3], [3]],
      [
        [1, 3],
        [4, 2, 1],
      ],
      [[], [2, 2]],
    ]) {
      const range = [0.5, 2] as const
      expect(await largestGradientError({ shapes, build, range })).toBeLessThan(1e-8)
    }
  })

  it('where, in each of its branches', async () => {
    const build = (graph: Graph, a: Value, b: Value): Value =>
      where(graph, graph.constant('bool', [2, 3], [1, 0, 0, 1, 1, 0]), a, b)
    expect(await largestGradientError({ shapes: [[2, 3], [3]], build })).toBeLessThan(1e-8)
  })

  it('erf, which ONNX Runtime computes in fp32', async () => {
    const error = await largestGradientError({ shapes: [[2, 4]], build: erf, step: 1e-2 })
    expect(error).toBeLessThan(2e-4)
  })

  it('cast, there and back', async () => {
    const build = (graph: Graph, x: Value): Value =>
      cast(graph, mul(graph, cast(graph, x, 'fp32'), graph.scalar(2, 'fp32')), 'fp64')
    expect(await largestGradientError({ shapes: [[4]], build, step: 0.25 })).toBeLessThan(1e-6)
  })
})

it('comparisons answer as IEEE 754 says, false for NaN', async () => {
  const graph = new Graph('comparisons')
  const a = graph.input('a', 'fp32', [4])
  const b = graph.input('b', 'fp32', [4])
  const results = {
    greater: greater(graph, a, b),
    lessOrEqual: lessOrEqual(graph, a, b),
    equal: equal(graph, a, b),
    neither: and(graph, not(graph, greater(graph, a, b)), not(graph, lessOrEqual(graph, a, b))),
  }
  for (const [name, value] of Object.entries(results)) {
    graph.output(name, cast(graph, value, 'int32'))
  }
  expect(await runGraph(graph, { a: [1, 2, 3, NaN], b: [2, 2, 2, 2] })).toEqual({
    greater: [0, 0, 1, 0],
    lessOrEqual: [1, 1, 0, 0],
    equal: [0, 1, 0, 0],
    neither: [0, 0, 0, 1],
  })
})

it('rounds ties to even', async () => {
  const graph = new Graph('round')
  graph.output('y', round(graph, graph.input('x', 'fp32', [5])))
  const { y } = await runGraph(graph, { x: [0.5, 1.5, 2.5, -0.5, 2.4] })
  expect(y).toEqual([0, 2, 2, -0, 2])
})

it('says which shapes and types do not go together', () => {
  const graph = new Graph('errors')
  const a = graph.input('a', 'fp32', [2, 3])
  const b = graph.input('b', 'fp32', [2, 4])
  const c = graph.input('c', 'fp16', [2, 3])
  expect(() => add(graph, a, b)).toThrow('Add: sizes 3 and 4 do not broadcast (a [2, 3], b [2, 4])')
  expect(() => mul(graph, a, c)).toThrow('Mul: a is fp32, c is fp16; cast one of them')
})
