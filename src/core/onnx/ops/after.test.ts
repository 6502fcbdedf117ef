import { expect, it } from 'vitest'
import { runGraph } from '../../../../test/onnx/runGraph'
import { Graph } from '../graph'
import { after } from './after'

it.each(['fp32', 'fp16', 'int32'] as const)(
  'leaves %s as it is, whatever it waits for',
  async (dtype) => {
    const graph = new Graph('after')
    const x = graph.constant(dtype, [3], [1, 2, 3])
    const others = [
      graph.constant('fp32', [2, 2], [NaN, 1, 1, 1]),
      graph.constant('fp32', [], [Infinity]),
      graph.constant('fp32', [1], [3e38]),
    ]
    graph.output('y', after(graph, x, others))
    expect((await runGraph(graph)).y).toEqual([1, 2, 3])
  },
)

it('is a node that depends on all of them', () => {
  const graph = new Graph('after')
  const [x, a, b] = ['x', 'a', 'b'].map((name) => graph.input(name, 'fp32', [2]))
  const y = after(graph, x!, [a!, b!])
  expect(y.name).not.toBe(x!.name)
  const inputs = graph.nodes.flatMap((node) => node.inputs.map(({ name }) => name))
  expect(inputs).toEqual(expect.arrayContaining(['x', 'a', 'b']))
  expect(after(graph, x!, [])).toBe(x)
})
