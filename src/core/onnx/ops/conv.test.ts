import { describe, expect, it } from 'vitest'
import { largestGradientError } from '../../../../test/onnx/finiteDifferences'
import { runGraph } from '../../../../test/onnx/runGraph'
import { Graph } from '../graph'
import { conv } from './conv'

describe('gradients agree with finite differences', () => {
  // Convolution is linear in each operand, so that a large step costs no accuracy and drowns the
  // rounding of fp32, which is all that ONNX Runtime computes it in.
  it.each([
    { stride: 1, padding: 0, size: 4, kernel: 3 },
    { stride: 1, padding: 1, size: 4, kernel: 3 },
    { stride: 2, padding: 1, size: 5, kernel: 3 },
    { stride: 2, padding: 1, size: 4, kernel: 3 },
    { stride: 2, padding: 0, size: 5, kernel: 2 },
  ])('stride $stride, padding $padding, $size by $size', async ({ size, kernel, ...options }) => {
    const error = await largestGradientError({
      shapes: [[2, 2, size, size], [3, 2, kernel, kernel], [3]],
      build: (graph, x, w, bias) => conv(graph, x, w, bias, options),
      step: 1,
    })
    expect(error).toBeLessThan(1e-5)
  })
})

it('slides the filter without turning it', async () => {
  const graph = new Graph('conv')
  const x = graph.input('x', 'fp32', [1, 1, 2, 3])
  const w = graph.constant('fp32', [1, 1, 2, 2], [1, 2, 3, 4])
  graph.output('y', conv(graph, x, w))
  // 1·1 + 2·2 + 3·4 + 4·5 = 37; one column on: 2 + 6 + 15 + 24 = 47.
  expect(await runGraph(graph, { x: [1, 2, 3, 4, 5, 6] })).toEqual({ y: [37, 47] })
})

it('refuses filters of other channels than the image has', () => {
  const graph = new Graph('errors')
  const x = graph.input('x', 'fp32', [1, 2, 4, 4])
  const w = graph.input('w', 'fp32', [1, 3, 3, 3])
  expect(() => conv(graph, x, w)).toThrow('(x [1, 2, 4, 4], w [1, 3, 3, 3])')
})
