import { elementCount, Graph } from '../../src/core/onnx/graph'
import { gradients } from '../../src/core/onnx/gradients'
import { initializeParameters, type Network } from '../../src/core/onnx/networks/network'
import { crossEntropy } from '../../src/core/onnx/ops/crossEntropy'
import { createRandom } from '../../src/core/random'
import { startGraph } from './runGraph'

export interface SlopeError {
  /** |analytic − numeric| over 1 + |numeric|. */
  readonly relativeError: number
  readonly slope: number
}

/**
 * How far the loss's slope is off, for each parameter tensor in a random direction of length 1:
 * gradient · direction against (loss(w + ε·d) − loss(w − ε·d)) ÷ 2ε, in fp64.
 */
export async function slopeErrors(
  network: Network,
  epsilon: number,
  batchSize: number,
): Promise<ReadonlyMap<string, SlopeError>> {
  const random = createRandom(5)
  const graph = new Graph(network.name)
  const inputShape = [batchSize, ...network.inputShape]
  const isTokens = network.inputType === 'tokens'
  const drawInput = () => (isTokens ? random.integer(network.classCount) : random.uniform())
  const input = graph.constant(
    isTokens ? 'int32' : 'fp64',
    inputShape,
    Float64Array.from({ length: elementCount(inputShape) }, drawInput),
  )
  const rows = batchSize * network.rowsPerSample
  const labels = graph.constant(
    'int32',
    [rows],
    Int32Array.from({ length: rows }, () => random.integer(network.classCount)),
  )
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
  const errors = new Map<string, SlopeError>()
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
    errors.set(name, { slope, relativeError: Math.abs(slope - numeric) / (1 + Math.abs(numeric)) })
  }
  await runner.release()
  return errors
}
