import { describe, expect, it } from 'vitest'
import { startGraph } from '../../../../test/onnx/runGraph'
import { createRandom } from '../../random'
import { elementCount, Graph } from '../graph'
import { gradients } from '../gradients'
import { crossEntropy } from '../ops/crossEntropy'
import { digitsCnn } from './digitsCnn'
import { digitsMlp } from './digitsMlp'
import { initializeParameters, type Network, parameterCount } from './network'
import { presetNetwork } from './presets'
import { presetNames } from '../../plan/workload'

it('counts its parameters', () => {
  // 64·128 + 128 + 128·64 + 64 + 64·10 + 10
  expect(parameterCount(digitsMlp)).toBe(17_226)
  // 9·16 + 16 + 16·9·32 + 32 + 512·10 + 10
  expect(parameterCount(digitsCnn)).toBe(9_930)
})

it('answers to the name of each preset', () => {
  expect(presetNames.map((name) => presetNetwork(name).name)).toEqual([...presetNames])
})

it('initializes alike for the same seed', () => {
  expect(initializeParameters(digitsMlp, 3)).toEqual(initializeParameters(digitsMlp, 3))
  expect(initializeParameters(digitsMlp, 3)).not.toEqual(initializeParameters(digitsMlp, 4))
})

describe('parameter gradients agree with finite differences', () => {
  it('digits-mlp', async () => {
    expect(await largestError(digitsMlp, 1e-6)).toBeLessThan(1e-6)
  })
  it('digits-cnn, whose convolutions compute in fp32', async () => {
    expect(await largestError(digitsCnn, 2e-3)).toBeLessThan(2e-3)
  })
})

/**
 * The largest relative error of the loss's slope, per parameter tensor in a random direction of
 * length 1: gradient · direction against (loss(w + ε·d) − loss(w − ε·d)) ÷ 2ε, in fp64.
 */
async function largestError(network: Network, epsilon: number): Promise<number> {
  const batchSize = 4
  const random = createRandom(5)
  const graph = new Graph(network.name)
  const inputShape = [batchSize, ...network.inputShape]
  const image = Float64Array.from({ length: elementCount(inputShape) }, () => random.uniform())
  const input = graph.constant('fp64', inputShape, image)
  const labels = graph.constant('int32', [batchSize], [3, 1, 4, 9])
  const parameters = new Map(
    network.parameters.map(({ name, shape }) => [name, graph.input(name, 'fp64', shape, 'weight')]),
  )
  const loss = crossEntropy(graph, network.forward(graph, input, parameters), labels)
  graph.output('loss', loss)
  const names = [...parameters.keys()]
  gradients(graph, loss, [...parameters.values()]).forEach((gradient, index) =>
    graph.output(`gradient of ${names[index]}`, gradient),
  )
  const runner = await startGraph(graph)
  const weights = Object.fromEntries(initializeParameters(network, 1))
  const analytic = await runner.run(weights)
  let largest = 0
  for (const name of names) {
    const normal = Float64Array.from(weights[name]!, () => random.normal())
    const length = Math.hypot(...normal)
    const direction = normal.map((each) => each / length)
    const lossAt = async (step: number): Promise<number> => {
      const moved = Float64Array.from(weights[name]!, (w, index) => w + step * direction[index]!)
      return (await runner.run({ ...weights, [name]: moved })).loss![0]!
    }
    const numeric = ((await lossAt(epsilon)) - (await lossAt(-epsilon))) / (2 * epsilon)
    const slope = analytic[`gradient of ${name}`]!.reduce(
      (sum, each, index) => sum + each * direction[index]!,
      0,
    )
    largest = Math.max(largest, Math.abs(slope - numeric) / (1 + Math.abs(numeric)))
    expect(Math.abs(slope)).toBeGreaterThan(1e-6)
  }
  await runner.release()
  return largest
}
