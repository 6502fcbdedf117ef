import { describe, expect, it } from 'vitest'
import { runGraph } from '../../../../test/onnx/runGraph'
import { Graph } from '../graph'
import { dequantizeBlocks, dequantizeWeight, largestOf, quantizeBlocks } from './blockwise'
import { cast } from './elementwise'
import { fakeQuantize } from './fakeQuantize'

/** What a block of numbers is after 8 bits and back, and the integers between. */
async function thereAndBack(values: readonly number[], dtype: 'int8' | 'uint8') {
  const graph = new Graph('blocks')
  const blocks = quantizeBlocks(graph, graph.input('x', 'fp32', [1, values.length]), dtype)
  graph.output('integers', cast(graph, blocks.integers, 'int32'))
  graph.output('y', dequantizeBlocks(graph, blocks))
  return runGraph(graph, { x: values })
}

describe('blocks of 8 bits', () => {
  it('keep the largest of each exactly and round the rest to the nearest of 127', async () => {
    const { integers, y } = await thereAndBack([-254, 1, 100, 3.1], 'int8')
    // A step is 254 ÷ 127 = 2; 1 ÷ 2 rounds to the even 0.
    expect(integers).toEqual([-127, 0, 50, 2])
    expect(y).toEqual([-254, 0, 100, 4])
  })

  it('round up what has no sign, so that nothing but 0 becomes 0', async () => {
    const { integers } = await thereAndBack([255, 0, 0.01, 100.2], 'uint8')
    expect(integers).toEqual([255, 0, 1, 101])
  })

  it('hold zeros without dividing by them', async () => {
    expect((await thereAndBack([0, 0], 'int8')).y).toEqual([0, 0])
  })
})

it('dequantizes a weight by one scale to every two inputs of each output', async () => {
  const graph = new Graph('weight')
  const integers = graph.input('integers', 'int8', [4, 2])
  const scales = graph.input('scales', 'fp32', [4])
  const weight = dequantizeWeight(graph, { integers, scales }, 4)
  expect(weight.shape).toEqual([2, 4])
  graph.output('y', weight)
  const { y } = await runGraph(graph, {
    integers: [1, 2, 3, 4, 5, 6, 7, 8],
    scales: [1, 10, 100, 1000],
  })
  expect(y).toEqual([1, 2, 30, 40, 500, 600, 7000, 8000])
})

it('refuses a weight whose blocks reach from one output into the next', () => {
  const graph = new Graph('weight')
  const integers = graph.input('integers', 'int8', [4, 2])
  const scales = graph.input('scales', 'fp32', [4])
  expect(() => dequantizeWeight(graph, { integers, scales }, 1)).toThrow('do not divide 1 inputs')
  expect(() => dequantizeWeight(graph, { integers, scales: integers }, 4)).toThrow('belong')
})

it('finds the largest along either axis', async () => {
  const graph = new Graph('largest')
  const x = graph.input('x', 'fp32', [2, 3])
  graph.output('rows', largestOf(graph, x, -1))
  graph.output('columns', largestOf(graph, x, 0))
  expect(await runGraph(graph, { x: [1, 5, 2, 4, 3, 6] })).toEqual({
    rows: [5, 6],
    columns: [4, 5, 6],
  })
})

it('lets gradients through rounding as if there were none', async () => {
  const graph = new Graph('straight through')
  const x = graph.input('x', 'fp32', [1, 3])
  graph.output('y', fakeQuantize(graph, x, -1))
  const { y } = await runGraph(graph, { x: [127, 0.4, -3.6] })
  expect(y).toEqual([127, 0, -4])
  const dy = graph.constant('fp32', [1, 3], [1, 2, 3])
  expect(graph.tape.at(-1)!.backward!(dy, [true])).toEqual([dy])
})
