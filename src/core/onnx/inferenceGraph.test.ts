import { describe, expect, it } from 'vitest'
import { runGraph } from '../../../test/onnx/runGraph'
import { InputError } from '../errors'
import { createRandom } from '../random'
import { buildInferenceGraph } from './inferenceGraph'
import { digitsCnn } from './networks/digitsCnn'
import { digitsMlp } from './networks/digitsMlp'
import { initializeParameters, type Weights } from './networks/network'

const random = createRandom(3)
const images = Float32Array.from({ length: 2 * 64 }, () => random.uniform())

/** The MLP again, in plain arithmetic. */
function referenceLogits(weights: Weights, image: Float32Array): number[] {
  let x = [...image]
  for (const layer of [1, 2, 3]) {
    const weight = weights.get(`linear${layer}.weight`)!
    const y = Array.from(
      weights.get(`linear${layer}.bias`)!,
      (bias, column, { length } = weights.get(`linear${layer}.bias`)!) =>
        x.reduce((sum, each, row) => sum + each * weight[row * length + column]!, bias),
    )
    x = layer < 3 ? y.map((each) => Math.max(each, 0)) : y
  }
  return x
}

describe('digits-mlp', () => {
  const weights = initializeParameters(digitsMlp, 1)
  const expected = [0, 1].flatMap((row) =>
    referenceLogits(weights, images.subarray(row * 64, row * 64 + 64)),
  )

  it.each([
    ['fp32', 1e-5],
    ['fp16', 2e-2],
  ] as const)('gives the logits of plain arithmetic in %s', async (precision, tolerance) => {
    const { graph, inputs, outputs } = buildInferenceGraph(digitsMlp, weights, {
      precision,
      batchSize: 2,
    })
    expect(inputs).toEqual([{ name: 'input', dtype: 'fp32', shape: [2, 64] }])
    expect(outputs).toEqual([{ name: 'logits', dtype: 'fp32', shape: [2, 10] }])
    const { logits } = await runGraph(graph, { input: images })
    logits!.forEach((logit, index) =>
      expect(Math.abs(logit - expected[index]!)).toBeLessThan(tolerance),
    )
  })
})

it('stores fp16 weights in half the bytes', () => {
  const weights = initializeParameters(digitsMlp, 1)
  const size = (precision: 'fp32' | 'fp16') =>
    buildInferenceGraph(digitsMlp, weights, { precision, batchSize: 1 }).model.length
  // 17 226 parameters at 4 and 2 bytes; names and nodes are the same but for two casts.
  expect(size('fp32') - size('fp16')).toBeGreaterThan(17_226 * 2 - 500)
})

it('runs digits-cnn on a batch', async () => {
  const weights = initializeParameters(digitsCnn, 1)
  const { graph } = buildInferenceGraph(digitsCnn, weights, { precision: 'fp32', batchSize: 2 })
  const { logits } = await runGraph(graph, { input: images })
  expect(logits).toHaveLength(20)
})

it('refuses an empty batch by name', () => {
  const weights = initializeParameters(digitsMlp, 1)
  expect(() =>
    buildInferenceGraph(digitsMlp, weights, { precision: 'fp32', batchSize: 0 }),
  ).toThrow(InputError)
})
