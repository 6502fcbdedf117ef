import { type ArchitectureFamily, llama, llamaNames } from './architectureFamily'
import { opt } from './gptFamilies'

export const bert: ArchitectureFamily = {
  ...llama,
  structure: 'encoder',
  head: 'maskedLm',
  moduleNames: {
    ...llamaNames,
    query: 'query',
    key: 'key',
    value: 'value',
    attentionOutput: 'attention.output.dense',
    up: 'intermediate.dense',
    down: 'output.dense',
    head: 'decoder',
    embedding: 'word_embeddings',
  },
  norm: 'layerNorm',
  layout: 'post',
  gatedMlp: false,
  activation: 'gelu',
  attentionBias: 'all',
  mlpBias: true,
  softmaxInFp32: false,
  position: 'learned',
  dropout: 0.1,
  embeddingDropout: true,
  embeddingNorm: true,
  tokenTypes: true,
  tied: true,
  headBias: true,
  headTransform: true,
}

export const distilbert: ArchitectureFamily = {
  ...bert,
  moduleNames: {
    ...bert.moduleNames,
    query: 'q_lin',
    key: 'k_lin',
    value: 'v_lin',
    attentionOutput: 'out_lin',
    up: 'lin1',
    down: 'lin2',
    head: 'vocab_projector',
  },
  attentionOutputDropout: false,
  tokenTypes: false,
}

/** Positions, and a norm after the embedding, of each stack by itself. */
export const bart: ArchitectureFamily = {
  ...opt,
  structure: 'encoderDecoder',
  head: 'seq2seq',
  moduleNames: { ...opt.moduleNames, embedding: 'shared' },
  layout: 'post',
  activation: 'gelu',
  embeddingDropout: true,
  embeddingNorm: true,
  scaledEmbedding: true,
  constantLogitBias: true,
}

export const mbart: ArchitectureFamily = { ...bart, layout: 'pre' }

export const t5: ArchitectureFamily = {
  ...llama,
  structure: 'encoderDecoder',
  head: 'seq2seq',
  moduleNames: {
    ...llamaNames,
    query: 'q',
    key: 'k',
    value: 'v',
    attentionOutput: 'o',
    gate: 'wi_0',
    up: 'wi',
    down: 'wo',
    embedding: 'shared',
  },
  norm: 'rmsT5',
  gatedMlp: false,
  activation: 'relu',
  softmaxInFp32: false,
  position: 'relativeBias',
  dropout: 0.1,
  embeddingDropout: true,
  activationDropout: true,
  tied: true,
}
