import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import * as z from 'zod'
import { createDraw, drawTensor } from '../../../test/onnx/referenceDraw'
import { startGraph } from '../../../test/onnx/runGraph'
import { runTraining } from '../../../test/onnx/runTraining'
import { tinyGpt2, tinyLlama } from '../../../test/onnx/tinyDecoders'
import { OptimizerName, imagePresetNames } from '../plan/workload'
import { gradients } from './gradients'
import { elementCount, Graph } from './graph'
import { gptDecoder } from './networks/gptDecoder'
import type { Network } from './networks/network'
import { presetNetwork } from './networks/presets'
import { crossEntropy } from './ops/crossEntropy'

// What PyTorch found for the same weights and batches: test/reference/pytorchTraining.py.

const Measures = z.record(z.string(), z.object({ length: z.number(), product: z.number() }))
const Reference = z.object({
  batchSize: z.int(),
  networks: z.record(
    z.string(),
    z.object({
      gradients: Measures,
      optimizers: z.record(
        OptimizerName,
        z.object({ learningRate: z.number(), losses: z.array(z.number()), weights: Measures }),
      ),
    }),
  ),
})
const file = new URL('../../../test/data/pytorchTraining.json', import.meta.url)
const reference = Reference.parse(JSON.parse(readFileSync(file, 'utf8')))
const { batchSize } = reference

const networks = [
  ...imagePresetNames.map(presetNetwork),
  ...[tinyGpt2, tinyLlama].map((config) => gptDecoder(config, 8)),
]

describe.each(networks)('$name trains as in PyTorch', (network) => {
  const { name } = network
  const { gradients: gradientMeasures, optimizers } = reference.networks[name]!

  it('the gradients of the first step', async () => {
    const found = await firstGradients(network)
    for (const [parameter, expected] of Object.entries(gradientMeasures)) {
      if (isWithoutEffect(parameter)) continue
      expectSame(found[parameter]!, expected)
    }
  })

  it.each(OptimizerName.options)('ten steps of %s', async (optimizer) => {
    const { learningRate, losses, weights } = optimizers[optimizer]
    const draw = createDraw(1)
    const drawn = new Map(drawWeights(network, draw))
    const batches = losses.map(() => drawBatch(network, draw))
    const options = { precision: 'fp32', batchSize, optimizer, learningRate } as const
    const { losses: found, state } = await runTraining(network, drawn, batches, options)
    found.forEach((loss, step) => expect(Math.abs(loss - losses[step]!)).toBeLessThan(1e-5))
    for (const [parameter, expected] of Object.entries(weights)) {
      if (isWithoutEffect(parameter)) continue
      expectSame(state.get(parameter)!, expected)
    }
  })
})

/**
 * The bias of the keys moves all scores of a query alike, which softmax ignores: its gradient is 0 but
 * for rounding, which Adam makes as large as any.
 */
function isWithoutEffect(parameter: string): boolean {
  return parameter.endsWith('k_proj.bias')
}

async function firstGradients(network: Network) {
  const graph = new Graph('gradients')
  const isTokens = network.inputType === 'tokens'
  const shape = [batchSize, ...network.inputShape]
  const input = graph.input('input', isTokens ? 'int32' : 'fp32', shape)
  const labels = graph.input('labels', 'int32', [batchSize * network.rowsPerSample])
  const parameters = new Map(
    network.parameters.map(({ name, shape }) => [name, graph.input(name, 'fp32', shape, 'weight')]),
  )
  const loss = crossEntropy(graph, network.forward(graph, input, parameters), labels)
  const names = [...parameters.keys()]
  gradients(graph, loss, [...parameters.values()]).forEach((gradient, index) =>
    graph.output(`gradient of ${names[index]}`, gradient),
  )
  const runner = await startGraph(graph)
  const draw = createDraw(1)
  const weights = Object.fromEntries(drawWeights(network, draw))
  const results = await runner.run({ ...weights, ...drawBatch(network, draw) })
  await runner.release()
  return Object.fromEntries(names.map((name) => [name, results[`gradient of ${name}`]!]))
}

/** Length and direction, to 1e-4 of the length. */
function expectSame(values: ArrayLike<number>, expected: { length: number; product: number }) {
  const uniform = createDraw(7)
  const { length, product } = Array.from(values).reduce(
    (sums, value) => ({
      length: Math.hypot(sums.length, value),
      product: sums.product + value * (2 * uniform() - 1),
    }),
    { length: 0, product: 0 },
  )
  expect(Math.abs(length - expected.length) / expected.length).toBeLessThan(1e-4)
  expect(Math.abs(product - expected.product) / expected.length).toBeLessThan(1e-4)
}

function drawWeights(network: Network, draw: () => number): [string, Float32Array][] {
  return network.parameters.map(({ name, shape }) => [
    name,
    drawTensor(draw, elementCount(shape), 0.3),
  ])
}

function drawBatch(network: Network, draw: () => number) {
  const shape = [batchSize, ...network.inputShape]
  const integers = (length: number) =>
    Int32Array.from({ length }, () => Math.floor(draw() * network.classCount))
  const input =
    network.inputType === 'tokens'
      ? integers(elementCount(shape))
      : drawTensor(draw, elementCount(shape), 0.5).map((each) => each + 0.5)
  return { input, labels: integers(batchSize * network.rowsPerSample) }
}
