/**
 * A transformer as far as its memory depends on it: shapes, and which operators its reference
 * implementation (Hugging Face transformers) strings together. Readers of config.json, GGUF and the
 * catalogue make it; the estimator reads nothing else about a model.
 */

export const modelHeads = ['causalLm', 'maskedLm', 'seq2seq', 'sequenceClassification'] as const
/** What sits on top of the last hidden state. */
export type ModelHead = (typeof modelHeads)[number]

export type Activation =
  | 'silu'
  | 'gelu'
  | 'gelu_pytorch_tanh'
  | 'gelu_new'
  | 'gelu_fast'
  | 'quick_gelu'
  | 'relu'
  | 'relu2'
  | 'xielu'
  | 'tanh'

/**
 * How the normalisation is written out, because that decides what autograd keeps:
 * `layerNorm` one fused kernel; `layerNormFp32` that kernel over a fp32 copy (olmo); `rms` (llama) composed, upcast to fp32, cast back, then scaled;
 * `rmsGemma` scaled in fp32 and cast last; `rmsT5` as `rms` over a variance alone in fp32.
 */
export type NormType = 'layerNorm' | 'layerNormFp32' | 'rms' | 'rmsGemma' | 'rmsT5'

/**
 * `pre` llama, gpt2; `post` bert (normalised after each residual sum); `sandwich` gemma 2 and 3
 * (before and after each block); `parallel` falcon-7b, phi (one norm feeds attention and MLP);
 * `parallelTwoNorms` gpt-neox, falcon-40b; `postBlock` olmo 2 (each block's output is normalised).
 */
export type LayerLayout =
  'pre' | 'post' | 'postBlock' | 'sandwich' | 'parallel' | 'parallelTwoNorms'

/** How the query, key and value projections are stored. */
export type QkvProjection = 'separate' | 'fused'

/**
 * What the reference implementation calls its linear layers, as LoRA targets name them; a dotted
 * name tells two of the same name apart. null where an architecture has no such layer.
 */
export interface ModuleNames {
  readonly query: string
  readonly key: string
  readonly value: string
  /** Query, key and value in one matrix. */
  readonly queryKeyValue: string
  readonly attentionOutput: string
  readonly gate: string
  readonly up: string
  readonly gateUp: string
  readonly down: string
  readonly head: string
  readonly embedding: string
}

export interface AttentionArchitecture {
  readonly headCount: number
  readonly keyValueHeadCount: number
  readonly headSize: number
  readonly projection: QkvProjection
  /** Biases of the query, key and value projections. */
  readonly inputBias: boolean
  readonly outputBias: boolean
  /** Normalisation of queries and keys: over each head (qwen3, gemma 3), the whole vector (olmo2), or none. */
  readonly qkNorm: 'none' | 'perHead' | 'full'
  /** Attention scores are squashed by tanh (gemma 2): the reference then runs eagerly. */
  readonly logitSoftcapping: boolean
  readonly dropout: number
  /** Softmax is asked for in fp32 when it runs eagerly (llama and most of its successors). */
  readonly softmaxInFp32: boolean
  /** Every head has a learned score that takes part in its softmax (gpt-oss). */
  readonly sinks: boolean
  /** Queries and keys are made fp32 before their product (gpt-j, gpt-neo, codegen). */
  readonly scoresInFp32: boolean
  /** The reference has no fused attention for this architecture: it always runs eagerly. */
  readonly alwaysEager: boolean
  /** Queries and keys are normalised after they were turned, not before (hunyuan). */
  readonly normAfterRotary: boolean
  /** Eager attention is given a causal mask; bert's sees everything without one. */
  readonly causal: boolean
  /** Tokens that a sliding-window layer looks back on, and how many layers are such; null: all layers see everything. */
  readonly slidingWindow: { readonly size: number; readonly layerCount: number } | null
  /** Multi-head latent attention (DeepSeek): low-rank projections and what the cache then keeps. */
  readonly latent: LatentAttention | null
}

export interface LatentAttention {
  /** Rank of the compressed query, or null where queries are projected directly. */
  readonly queryRank: number | null
  readonly keyValueRank: number
  readonly ropeHeadSize: number
  readonly noPositionHeadSize: number
  readonly valueHeadSize: number
}

export interface MlpArchitecture {
  readonly intermediateSize: number
  readonly activation: Activation
  /** Two input projections, one of them gated (llama); else one (gpt2). */
  readonly gated: boolean
  /** Gate and up are one matrix (phi-3). */
  readonly fusedGateUp: boolean
  readonly bias: boolean
}

export interface MixtureOfExperts {
  readonly expertCount: number
  readonly expertsPerToken: number
  readonly expertIntermediateSize: number
  /** Width of the expert that every token passes through; 0 where there is none. */
  readonly sharedIntermediateSize: number
  /** The shared expert has its own one-column gate (qwen2-moe). */
  readonly sharedGate: boolean
  /** Layers that keep a plain MLP (DeepSeek's first ones). */
  readonly denseLayerCount: number
  /** Router and experts have biases (gpt-oss). */
  readonly bias: boolean
  /** The router corrects its choice by one stored value per expert (DeepSeek-V3). */
  readonly routerCorrection: boolean
}

/** Position information that costs parameters or tensors. */
export type PositionEncoding =
  | { readonly type: 'rotary'; /** Channels of each head that turn. */ readonly rotarySize: number }
  | { readonly type: 'learned'; readonly positionCount: number }
  | { readonly type: 'alibi' }
  | { readonly type: 'relativeBias'; readonly bucketCount: number }
  | { readonly type: 'none' }

export interface EmbeddingArchitecture {
  readonly vocabSize: number
  /** Width of the embedding where it differs from the hidden size (opt-350m), else null. */
  readonly projectedFrom: number | null
  readonly position: PositionEncoding
  /** Rows of the token-type table; 0 where there is none. */
  readonly tokenTypeCount: number
  /** A normalisation directly after the embedding (bert, bloom). */
  readonly norm: boolean
  /** Embeddings are multiplied by √hiddenSize (gemma). */
  readonly scaled: boolean
  readonly dropout: number
}

export interface HeadArchitecture {
  readonly default: ModelHead
  /** The output matrix is the embedding matrix. */
  readonly tied: boolean
  readonly bias: boolean
  /** A dense layer and a norm before the output matrix (bert). */
  readonly transform: boolean
  /** The last hidden state is divided by the root of the width before the head (t5). */
  readonly scaled: boolean
  /** A constant is added to the logits (bart). */
  readonly constantBias: boolean
  /** Final logits are squashed by tanh (gemma 2). */
  readonly logitSoftcapping: boolean
  /** bert keeps a pooler for classification; in parameters only where the head uses it. */
  readonly pooler: boolean
}

export interface Architecture {
  readonly modelType: string
  readonly moduleNames: ModuleNames
  readonly structure: 'decoder' | 'encoder' | 'encoderDecoder'
  readonly hiddenSize: number
  /** Encoder layers where `structure` is encoderDecoder. */
  readonly layerCount: number
  /** Decoder layers beside an encoder; 0 elsewhere. */
  readonly decoderLayerCount: number
  readonly layout: LayerLayout
  readonly norm: {
    readonly type: NormType
    /** It has a weight (olmo's has none). */
    readonly weight: boolean
    readonly bias: boolean
    readonly final: boolean
  }
  readonly attention: AttentionArchitecture
  readonly mlp: MlpArchitecture
  readonly experts: MixtureOfExperts | null
  readonly embedding: EmbeddingArchitecture
  readonly head: HeadArchitecture
  /** Dropout on what each block adds to the residual stream. */
  readonly residualDropout: number
  /** That dropout also comes after attention, not only after the MLP (distilbert has it there alone). */
  readonly attentionOutputDropout: boolean
  /** Dropout between the activation and the last matrix of the MLP (t5). */
  readonly activationDropout: number
  /** Constants that the reference keeps on the GPU beside the weights: causal masks, sine tables; bytes. */
  readonly bufferBytes: number
  /** Type that the published weights are stored in, where the config says so. */
  readonly storedPrecision: 'fp32' | 'fp16' | 'bf16' | null
  /** How the published weights are quantized, where the config says so. */
  readonly storedQuantization: StoredQuantization | null
  /** What was assumed while reading, one sentence each; shown with every estimate. */
  readonly assumptions: readonly string[]
}

export const quantizationSchemes = ['bnb-int8', 'nf4', 'fp4', 'gptq', 'awq', 'fp8', 'gguf'] as const
export type QuantizationScheme = (typeof quantizationSchemes)[number]

/** How weights are stored in fewer bits; null where the scheme has no such choice. */
export interface StoredQuantization {
  readonly scheme: QuantizationScheme
  readonly bits: number | null
  readonly groupSize: number | null
  readonly doubleQuant: boolean
  /** `Q4_K_M` and its like. */
  readonly ggufType: string | null
  /** Modules kept in the model's own precision. */
  readonly skip: readonly string[]
}
