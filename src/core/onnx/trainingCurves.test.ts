import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import * as z from 'zod'
import { createDraw, drawTensor } from '../../../test/onnx/referenceDraw'
import { type Batch, runTraining } from '../../../test/onnx/runTraining'
import { tinyGpt2, tinyLlama } from '../../../test/onnx/tinyDecoders'
import { gptDecoder } from './networks/gptDecoder'
import { elementCount } from './graph'

// What PyTorch found for the same weights and tokens: test/reference/pytorchCurves.py.

const Reference = z.object({
  batchSize: z.int(),
  learningRate: z.number(),
  losses: z.record(z.string(), z.array(z.number())),
})
const file = new URL('../../../test/data/pytorchCurves.json', import.meta.url)
const reference = Reference.parse(JSON.parse(readFileSync(file, 'utf8')))
const { batchSize, learningRate } = reference
const sequenceLength = 8
const stepCount = 5

it.each([tinyGpt2, tinyLlama])(
  'a $name of four layers learns as in PyTorch: fifty losses of AdamW within 1e-3',
  { timeout: 30_000 },
  async (config) => {
    const sizes = { hiddenSize: 32, numHiddenLayers: 4, intermediateSize: 64 }
    const network = gptDecoder({ ...config, ...sizes }, sequenceLength)
    const expected = reference.losses[config.name]!
    const draw = createDraw(1)
    const weights = new Map(
      network.parameters.map(({ name, shape }) => [
        name,
        drawTensor(draw, elementCount(shape), 0.1),
      ]),
    )
    // Ten runs of five steps.
    const batches = Array.from({ length: expected.length / stepCount }, (): Batch => {
      const input = Int32Array.from({ length: stepCount * batchSize * sequenceLength }, () =>
        Math.floor(draw() * config.vocabSize),
      )
      return { input, labels: input.map((token) => (3 * token + 1) % config.vocabSize) }
    })
    const { losses } = await runTraining(network, weights, batches, {
      precision: 'fp32',
      optimizer: 'adamw',
      batchSize,
      learningRate,
      stepCount,
    })
    expect(losses).toHaveLength(50)
    losses.forEach((loss, step) => expect(Math.abs(loss - expected[step]!)).toBeLessThan(1e-3))
  },
)
