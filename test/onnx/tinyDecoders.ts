import type { GptConfig } from '../../src/core/onnx/networks/gptConfig'

/** The decoders that test/reference/pytorchTraining.py trains too, of 8 tokens a sample. */

export const tinyGpt2: GptConfig = {
  name: 'tiny-gpt2',
  vocabSize: 31,
  hiddenSize: 16,
  numHiddenLayers: 2,
  numAttentionHeads: 4,
  numKeyValueHeads: 4,
  intermediateSize: 24,
  maxPositionEmbeddings: 12,
  hiddenAct: 'gelu',
  normalization: 'layerNorm',
  normEpsilon: 1e-5,
  positions: { type: 'learned' },
  bias: true,
  tieWordEmbeddings: true,
}

export const tinyLlama: GptConfig = {
  ...tinyGpt2,
  name: 'tiny-llama',
  numKeyValueHeads: 2,
  hiddenAct: 'silu',
  normalization: 'rmsNorm',
  positions: { type: 'rotary', theta: 10_000 },
  bias: false,
  tieWordEmbeddings: false,
}
