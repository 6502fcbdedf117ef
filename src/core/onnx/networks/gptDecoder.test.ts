import { describe, expect, it } from 'vitest'
import { slopeErrors } from '../../../../test/onnx/networkGradients'
import { runGraph } from '../../../../test/onnx/runGraph'
import { buildInferenceGraph } from '../inferenceGraph'
import type { GptConfig } from './gptConfig'
import { gptDecoder } from './gptDecoder'
import { initializeParameters, parameterCount } from './network'

const gpt2: GptConfig = {
  name: 'tiny-gpt2',
  vocabSize: 11,
  hiddenSize: 8,
  numHiddenLayers: 2,
  numAttentionHeads: 2,
  numKeyValueHeads: 2,
  intermediateSize: 16,
  maxPositionEmbeddings: 6,
  hiddenAct: 'gelu',
  normalization: 'layerNorm',
  normEpsilon: 1e-5,
  positions: { type: 'learned' },
  bias: true,
  tieWordEmbeddings: true,
}
const llama: GptConfig = {
  ...gpt2,
  name: 'tiny-llama',
  numKeyValueHeads: 1,
  hiddenAct: 'silu',
  normalization: 'rmsNorm',
  positions: { type: 'rotary', theta: 10_000 },
  bias: false,
  tieWordEmbeddings: false,
}

it('counts the parameters of both kinds', () => {
  // Two tables 11·8 + 6·8; per layer two norms of 16, four projections of 8·8 + 8, 8·16 + 16 and
  // 16·8 + 8; the last norm 16.
  expect(parameterCount(gptDecoder(gpt2, 5))).toBe(136 + 2 * (32 + 288 + 144 + 136) + 16)
  // Two tables 11·8; per layer two norms of 8, q and o 64 each, k and v 8·4 each, three of 8·16; norm 8.
  expect(parameterCount(gptDecoder(llama, 5))).toBe(176 + 2 * (16 + 128 + 64 + 384) + 8)
})

describe('parameter gradients agree with finite differences', () => {
  it.each([
    // Its GELU is computed by an erf in fp32.
    { config: gpt2, epsilon: 1e-3, tolerance: 2e-4 },
    { config: llama, epsilon: 1e-5, tolerance: 1e-7 },
  ])('$config.name', async ({ config, epsilon, tolerance }) => {
    const network = gptDecoder(config, 5)
    const errors = await slopeErrors(network, epsilon, 3)
    expect(errors.size).toBe(network.parameters.length)
    for (const { relativeError } of errors.values()) expect(relativeError).toBeLessThan(tolerance)
  })
})

it('answers for a token without knowing those that follow', async () => {
  const network = gptDecoder(llama, 4)
  const { graph } = buildInferenceGraph(network, initializeParameters(network, 0), {
    precision: 'fp32',
    batchSize: 2,
  })
  // The two rows differ in their last token alone.
  const { logits } = await runGraph(graph, { input: [1, 2, 3, 4, 1, 2, 3, 9] })
  const rowOf = (row: number) => logits!.slice(row * 11, (row + 1) * 11)
  expect(rowOf(2)).toEqual(rowOf(4 + 2))
  expect(rowOf(3)).not.toEqual(rowOf(4 + 3))
})

describe('a configuration that does not add up is refused by field and value', () => {
  it.each<[Partial<GptConfig>, number, string, string]>([
    [{ numAttentionHeads: 3 }, 4, 'hiddenSize', '8 cannot be divided into 3 heads'],
    [{ numAttentionHeads: 8, numKeyValueHeads: 8 }, 4, 'hiddenSize', 'heads of 1 channels'],
    [
      { numAttentionHeads: 4, numKeyValueHeads: 3 },
      4,
      'numKeyValueHeads',
      '4 heads cannot share 3',
    ],
    [{ vocabSize: 0 }, 4, 'vocabSize', '0 is not a whole number from 1'],
    [{}, 7, 'sequenceLength', '7 tokens are more than the model has positions (6)'],
  ])('%o with %d tokens', (change, sequenceLength, path, message) => {
    expect(() => gptDecoder({ ...llama, ...change }, sequenceLength)).toThrow(
      expect.objectContaining({ path, message: expect.stringContaining(message) as string }),
    )
  })
})
