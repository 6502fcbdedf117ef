import { describe, expect, it } from 'vitest'
import { largestGradientError, type GradientCase } from '../../../../test/onnx/finiteDifferences'
import { Graph } from '../graph'
import { gemm, linear } from './matmul'
import { reduceMean } from './mean'
import { reshape, transpose } from './reshape'
import { concat, slice } from './slice'
import { softmax } from './softmax'
import { expand, reduceSum } from './sum'
import { crossEntropy } from './crossEntropy'

const cases: Readonly<Record<string, GradientCase>> = {
  reshape: { shapes: [[2, 6]], build: (graph, x) => reshape(graph, x, [3, 4]) },
  transpose: { shapes: [[2, 3, 4]], build: (graph, x) => transpose(graph, x, [2, 0, 1]) },
  slice: { shapes: [[3, 5]], build: (graph, x) => slice(graph, x, -1, 1, 4) },
  concat: {
    shapes: [
      [2, 1],
      [2, 3],
      [2, 2],
    ],
    build: (graph, ...values) => concat(graph, values, 1),
  },
  expand: { shapes: [[3, 1]], build: (graph, x) => expand(graph, x, [2, 3, 4]) },
  reduceSum: { shapes: [[2, 3, 4]], build: (graph, x) => reduceSum(graph, x, [0, 2]) },
  'reduceSum that keeps its axes': {
    shapes: [[2, 3]],
    build: (graph, x) => reduceSum(graph, x, [-1], { keepDims: true }),
  },
  reduceMean: { shapes: [[2, 3, 4]], build: (graph, x) => reduceMean(graph, x, [1, 2]) },
  softmax: { shapes: [[3, 4]], build: softmax },
  'linear over the last of three axes': { shapes: [[2, 3, 4], [4, 5], [5]], build: linear },
  crossEntropy: {
    shapes: [[3, 4]],
    build: (graph, logits) => crossEntropy(graph, logits, graph.constant('int32', [3], [2, 0, 3])),
  },
}

describe('gradients agree with finite differences', () => {
  it.each(Object.entries(cases))('%s', async (_, gradientCase) => {
    expect(await largestGradientError(gradientCase)).toBeLessThan(1e-8)
  })

  it.each([
    [false, false],
    [false, true],
    [true, false],
    [true, true],
  ])('gemm with transposed operands: %s, %s', async (transposeA, transposeB) => {
    const error = await largestGradientError({
      shapes: [transposeA ? [3, 2] : [2, 3], transposeB ? [4, 3] : [3, 4], [4]],
      build: (graph, a, b, bias) => gemm(graph, a, b, bias, { transposeA, transposeB }),
    })
    expect(error).toBeLessThan(1e-8)
  })
})

describe('shapes that do not go together are named', () => {
  const graph = new Graph('errors')
  const x = graph.input('x', 'fp32', [2, 3])

  it.each([
    ['Reshape: its elements do not fill [4] (x [2, 3])', () => reshape(graph, x, [4])],
    ['Transpose: [0, 0] is not a permutation', () => transpose(graph, x, [0, 0])],
    ['Slice: there is no 1 to 4 along axis 1', () => slice(graph, x, 1, 1, 4)],
    ['Slice: there is no axis 2', () => slice(graph, x, 2, 0, 1)],
    [
      'Concat: type or sizes beside axis 0 differ',
      () => concat(graph, [x, graph.constant('fp32', [2, 2], [0, 0, 0, 0])], 0),
    ],
    ['Expand: it does not stretch to [2, 4]', () => expand(graph, x, [2, 4])],
    ['Gemm: inner sizes 3 and 2', () => gemm(graph, x, x)],
    ['labels are not int32, one per row', () => crossEntropy(graph, x, x)],
  ])('%s', (message, build) => {
    expect(build).toThrow(message)
  })
})
