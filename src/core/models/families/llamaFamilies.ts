import { type ArchitectureFamily, llama, llamaNames, neoxNames } from './architectureFamily'

export const qwen2: ArchitectureFamily = { ...llama, attentionBias: 'input' }

export const qwen3: ArchitectureFamily = { ...llama, qkNorm: 'perHead' }

export const gemma: ArchitectureFamily = {
  ...llama,
  norm: 'rmsGemma',
  activation: 'gelu_pytorch_tanh',
  scaledEmbedding: true,
  tied: true,
}

export const gemma2: ArchitectureFamily = { ...gemma, layout: 'sandwich', slidingWindowPeriod: 2 }

export const gemma3: ArchitectureFamily = { ...gemma2, qkNorm: 'perHead', slidingWindowPeriod: 6 }

export const phi3: ArchitectureFamily = { ...llama, fusedProjection: true, fusedGateUp: true }

export const olmo: ArchitectureFamily = { ...llama, norm: 'layerNormFp32', normWeight: false }

// Its norms multiply by the weight in fp32 and cast last, as gemma's do.
export const olmo2: ArchitectureFamily = {
  ...llama,
  norm: 'rmsGemma',
  layout: 'postBlock',
  qkNorm: 'full',
}

export const stablelm: ArchitectureFamily = { ...llama, norm: 'layerNorm', rotaryFraction: 0.25 }

export const starcoder2: ArchitectureFamily = {
  ...llama,
  moduleNames: { ...llamaNames, up: 'c_fc', down: 'c_proj' },
  norm: 'layerNorm',
  gatedMlp: false,
  activation: 'gelu_pytorch_tanh',
  attentionBias: 'all',
  mlpBias: true,
  tied: true,
}

export const cohere: ArchitectureFamily = { ...llama, layout: 'parallel', tied: true }

export const glm: ArchitectureFamily = {
  ...llama,
  fusedGateUp: true,
  attentionBias: 'input',
  rotaryFraction: 0.5,
}

/** A squared ReLU has no gate. */
export const relu2Mlp = { gatedMlp: false, activation: 'relu2' } as const

export const nemotron: ArchitectureFamily = {
  ...llama,
  ...relu2Mlp,
  norm: 'layerNorm',
  rotaryFraction: 0.5,
}

export const hunyuan: ArchitectureFamily = { ...llama, qkNorm: 'perHead', normAfterRotary: true }

export const exaone4: ArchitectureFamily = { ...llama, layout: 'postBlock', qkNorm: 'perHead' }

export const persimmon: ArchitectureFamily = {
  ...llama,
  ...relu2Mlp,
  moduleNames: { ...neoxNames, attentionOutput: 'self_attn.dense', head: 'lm_head' },
  norm: 'layerNorm',
  fusedProjection: true,
  attentionBias: 'all',
  mlpBias: true,
  qkNorm: 'perHead',
  rotaryFraction: 0.5,
}
