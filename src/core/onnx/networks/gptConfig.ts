import { InputError } from '../../errors'

/** A decoder by the names of Hugging Face's config.json. */
export interface GptConfig {
  readonly name: string
  readonly vocabSize: number
  readonly hiddenSize: number
  readonly numHiddenLayers: number
  readonly numAttentionHeads: number
  /** Fewer than attention heads: keys and values are shared by groups of them. */
  readonly numKeyValueHeads: number
  readonly intermediateSize: number
  readonly maxPositionEmbeddings: number
  /** `gelu`: one input projection; `silu`: SwiGLU, two, one of them the gate. */
  readonly hiddenAct: 'gelu' | 'silu'
  readonly normalization: 'layerNorm' | 'rmsNorm'
  readonly normEpsilon: number
  readonly positions:
    { readonly type: 'learned' } | { readonly type: 'rotary'; readonly theta: number }
  /** Biases of all linear layers but the output head. */
  readonly bias: boolean
  /** The output head is the embedding, transposed. */
  readonly tieWordEmbeddings: boolean
}

/** Throws InputError naming the first field that cannot be. */
export function checkGptConfig(config: GptConfig, sequenceLength: number): void {
  const counts = {
    vocabSize: config.vocabSize,
    hiddenSize: config.hiddenSize,
    numHiddenLayers: config.numHiddenLayers,
    numAttentionHeads: config.numAttentionHeads,
    numKeyValueHeads: config.numKeyValueHeads,
    intermediateSize: config.intermediateSize,
    maxPositionEmbeddings: config.maxPositionEmbeddings,
    sequenceLength,
  }
  for (const [path, count] of Object.entries(counts)) {
    if (!Number.isInteger(count) || count < 1) refuse(path, `${count} is not a whole number from 1`)
  }
  const { hiddenSize, numAttentionHeads, numKeyValueHeads, maxPositionEmbeddings } = config
  if (hiddenSize % numAttentionHeads !== 0) {
    refuse('hiddenSize', `${hiddenSize} cannot be divided into ${numAttentionHeads} heads`)
  }
  const headSize = hiddenSize / numAttentionHeads
  if (config.positions.type === 'rotary' && headSize % 2 !== 0) {
    refuse('hiddenSize', `heads of ${headSize} channels have no pairs for rotary positions to turn`)
  }
  if (numAttentionHeads % numKeyValueHeads !== 0) {
    refuse(
      'numKeyValueHeads',
      `${numAttentionHeads} heads cannot share ${numKeyValueHeads} keys and values evenly`,
    )
  }
  if (sequenceLength > maxPositionEmbeddings) {
    refuse(
      'sequenceLength',
      `${sequenceLength} tokens are more than the model has positions (${maxPositionEmbeddings})`,
    )
  }
}

function refuse(path: string, message: string): never {
  throw new InputError({ code: 'INVALID_VALUE', path, message })
}
