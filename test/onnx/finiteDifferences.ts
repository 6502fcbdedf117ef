import { Graph, type Value } from '../../src/core/onnx/graph'
import { gradients } from '../../src/core/onnx/gradients'
import { mul } from '../../src/core/onnx/ops/elementwise'
import { reduceSum } from '../../src/core/onnx/ops/sum'
import { createRandom } from '../../src/core/random'
import { startGraph } from './runGraph'

/**
 * The reference for gradients: loss(x + ε) − loss(x − ε) over 2ε, element by element, in fp64 on the
 * CPU provider. The loss is a sum of the operator's outputs under random factors, so that every
 * element of its Jacobian counts.
 */

export interface GradientCase {
  readonly shapes: readonly (readonly number[])[]
  readonly build: (graph: Graph, ...inputs: Value[]) => Value
  /** Where inputs are drawn from; −2 to 2 where left out. */
  readonly range?: readonly [number, number]
  readonly step?: number
}

/** The largest |analytic − numeric| over 1 + |numeric|, over all elements of all inputs. */
export async function largestGradientError({
  shapes,
  build,
  range: [low, high] = [-2, 2],
  step = 1e-5,
}: GradientCase): Promise<number> {
  const random = createRandom(1)
  const graph = new Graph('finite differences')
  const inputs = shapes.map((shape, index) => graph.input(`x${index}`, 'fp64', shape))
  const y = build(graph, ...inputs)
  const size = y.shape.reduce((product, each) => product * each, 1)
  const factors = graph.constant(
    'fp64',
    y.shape,
    Float64Array.from({ length: size }, () => random.normal()),
  )
  const loss = reduceSum(graph, mul(graph, y, factors), [...y.shape.keys()])
  graph.output('loss', loss)
  gradients(graph, loss, inputs).forEach((gradient, index) => graph.output(`dx${index}`, gradient))

  const feeds: Record<string, Float64Array> = {}
  inputs.forEach(({ name, shape }) => {
    const count = shape.reduce((product, each) => product * each, 1)
    feeds[name] = Float64Array.from({ length: count }, () => low + (high - low) * random.uniform())
  })
  const runner = await startGraph(graph)
  const analytic = await runner.run(feeds)
  let largest = 0
  for (const [index, { name }] of inputs.entries()) {
    for (const element of feeds[name]!.keys()) {
      const lossAt = async (offset: number): Promise<number> => {
        const moved = feeds[name]!.slice()
        moved[element]! += offset
        const { loss: at } = await runner.run({ ...feeds, [name]: moved })
        return at![0]!
      }
      const numeric = ((await lossAt(step)) - (await lossAt(-step))) / (2 * step)
      const error = Math.abs(analytic[`dx${index}`]![element]! - numeric)
      // Written so that a NaN is not passed over.
      if (!(error / (1 + Math.abs(numeric)) <= largest)) largest = error / (1 + Math.abs(numeric))
    }
  }
  await runner.release()
  return largest
}
