import { type ArchitectureFamily, llama, llamaNames, neoxNames } from './architectureFamily'

export const phi: ArchitectureFamily = {
  ...llama,
  moduleNames: { ...llamaNames, attentionOutput: 'self_attn.dense', up: 'fc1', down: 'fc2' },
  norm: 'layerNorm',
  layout: 'parallel',
  gatedMlp: false,
  activation: 'gelu_new',
  attentionBias: 'all',
  mlpBias: true,
  rotaryFraction: 0.5,
  headBias: true,
}

export const gpt2: ArchitectureFamily = {
  ...llama,
  moduleNames: {
    ...llamaNames,
    queryKeyValue: 'c_attn',
    attentionOutput: 'attn.c_proj',
    up: 'c_fc',
    down: 'mlp.c_proj',
    embedding: 'wte',
  },
  norm: 'layerNorm',
  fusedProjection: true,
  gatedMlp: false,
  activation: 'gelu_new',
  attentionBias: 'all',
  mlpBias: true,
  softmaxInFp32: false,
  position: 'learned',
  dropout: 0.1,
  embeddingDropout: true,
  tied: true,
  defaultIntermediateFactor: 4,
}

export const gptNeox: ArchitectureFamily = {
  ...llama,
  moduleNames: neoxNames,
  norm: 'layerNorm',
  layout: 'parallelTwoNorms',
  fusedProjection: true,
  gatedMlp: false,
  activation: 'gelu',
  attentionBias: 'all',
  mlpBias: true,
  rotaryFraction: 0.25,
}

export const opt: ArchitectureFamily = {
  ...llama,
  moduleNames: { ...llamaNames, attentionOutput: 'out_proj', up: 'fc1', down: 'fc2' },
  norm: 'layerNorm',
  gatedMlp: false,
  activation: 'relu',
  attentionBias: 'all',
  mlpBias: true,
  position: 'learned',
  positionOffset: 2,
  dropout: 0.1,
  attentionDropout: 0,
  softmaxInFp32: false,
  tied: true,
}

export const falcon: ArchitectureFamily = {
  ...llama,
  moduleNames: { ...neoxNames, attentionOutput: 'self_attention.dense', head: 'lm_head' },
  norm: 'layerNorm',
  layout: 'parallel',
  fusedProjection: true,
  gatedMlp: false,
  activation: 'gelu',
  softmaxInFp32: false,
  multiQuery: true,
  tied: true,
  defaultIntermediateFactor: 4,
}

export const bloom: ArchitectureFamily = {
  ...falcon,
  layout: 'pre',
  activation: 'gelu_new',
  attentionBias: 'all',
  mlpBias: true,
  multiQuery: false,
  position: 'alibi',
  embeddingNorm: true,
  softmaxInFp32: true,
}

export const gptBigcode: ArchitectureFamily = {
  ...gpt2,
  activation: 'gelu_pytorch_tanh',
  multiQuery: true,
  constants: 'mask',
}

/** Attention written out in fp32, beside the MLP, without a fused kernel. */
export const gptj: ArchitectureFamily = {
  ...gpt2,
  moduleNames: { ...llamaNames, attentionOutput: 'out_proj', up: 'fc_in', down: 'fc_out' },
  layout: 'parallel',
  fusedProjection: false,
  attentionBias: 'none',
  position: 'rotary',
  rotaryFraction: 1,
  scoresInFp32: true,
  alwaysEager: true,
  constants: 'sines',
  dropout: 0,
  tied: false,
  headBias: true,
}

export const codegen: ArchitectureFamily = { ...gptj, fusedProjection: true }

export const gptNeo: ArchitectureFamily = {
  ...gpt2,
  moduleNames: { ...llamaNames, attentionOutput: 'out_proj', up: 'c_fc', down: 'c_proj' },
  fusedProjection: false,
  attentionBias: 'output',
  scoresInFp32: true,
  alwaysEager: true,
  constants: 'masks',
  dropout: 0,
}

export const mpt: ArchitectureFamily = {
  ...llama,
  moduleNames: {
    ...llamaNames,
    queryKeyValue: 'Wqkv',
    attentionOutput: 'out_proj',
    up: 'up_proj',
    down: 'down_proj',
  },
  norm: 'layerNorm',
  normBias: false,
  fusedProjection: true,
  gatedMlp: false,
  activation: 'gelu',
  position: 'alibi',
  alwaysEager: true,
  tied: true,
  defaultIntermediateFactor: 4,
}

export const xglm: ArchitectureFamily = { ...opt, position: 'none', scaledEmbedding: true }

export const biogpt: ArchitectureFamily = { ...opt, scaledEmbedding: true, attentionDropout: null }
