import { InputError } from '../errors'
import type {
  Activation,
  Architecture,
  AttentionArchitecture,
  LayerLayout,
  MlpArchitecture,
  ModelHead,
  PositionEncoding,
  StoredQuantization,
} from './architecture'
import { ConfigReader } from './configReader'
import type { ArchitectureFamily } from './families/architectureFamily'
import { familyOf } from './modelFamilies'
import { refuseUnmodelled, resembledFamily } from './unknownFamily'
import { readLatentAttention, readMixtureOfExperts } from './sparseConfig'

/** Names of the model's width, newest first. */
const hiddenSizeNames = ['hidden_size', 'n_embd', 'd_model', 'dim'] as const

/** Bound on the depth: beyond it a config is a mistake, not a model. */
const maxLayerCount = 100_000

/**
 * Reads a Hugging Face config.json, in the field names of any of its generations. A model_type that
 * is not known is read by the usual field names, and `assumptions` says so.
 * Throws InputError naming the field that is missing or cannot be used.
 */
export function architectureFromConfig(config: unknown): Architecture {
  if (typeof config !== 'object' || config === null || Array.isArray(config)) {
    throw new InputError({
      code: 'INVALID_VALUE',
      path: 'model.config',
      message: 'is not an object: give the content of a config.json',
    })
  }
  const outer = new ConfigReader(config as Readonly<Record<string, unknown>>)
  const text = outer.has(...hiddenSizeNames) ? null : outer.section('text_config')
  const reader = text ?? outer
  const modelType = reader.text(null, 'model_type') ?? outer.text('unknown', 'model_type') ?? ''
  const assumptions: string[] = []
  if (text) assumptions.push('only the text model inside this config is estimated')
  refuseUnmodelled(modelType, reader)
  const known = familyOf(modelType)
  if (known) return readArchitecture(reader, outer, modelType, known, assumptions)
  const { family, name } = resembledFamily(reader)
  assumptions.push(
    `model_type "${modelType}" is not known: estimated as one like ${name} from its usual fields`,
  )
  return readArchitecture(reader, outer, modelType, family, assumptions)
}

function readArchitecture(
  reader: ConfigReader,
  outer: ConfigReader,
  modelType: string,
  family: ArchitectureFamily,
  assumptions: string[],
): Architecture {
  const hiddenSize = reader.size(...hiddenSizeNames)
  const layerCount = readLayerCount(reader)
  const structure = family.structure
  const attention = readAttention(reader, family, hiddenSize, layerCount)
  const experts = readMixtureOfExperts(reader, layerCount)
  const activationName = readActivation(reader, family, assumptions)
  const residualDropout = reader.fraction(
    family.dropout,
    'resid_pdrop',
    'hidden_dropout_prob',
    'dropout_rate',
    'hidden_dropout',
    'resid_dropout',
    'residual_dropout',
    'dropout',
  )
  return {
    modelType,
    moduleNames: family.moduleNames,
    structure,
    hiddenSize,
    layerCount,
    decoderLayerCount:
      structure === 'encoderDecoder'
        ? reader.sizeOr(layerCount, 'num_decoder_layers', 'decoder_layers')
        : 0,
    layout: readLayout(reader, family),
    norm: {
      type: family.norm,
      weight: family.normWeight,
      bias: family.normBias ?? family.norm === 'layerNorm',
      final: readFinalNorm(reader, family),
    },
    attention,
    mlp: readMlp(reader, family, hiddenSize, activationName, experts !== null),
    experts,
    embedding: {
      vocabSize: reader.size('vocab_size'),
      projectedFrom: readProjection(reader, hiddenSize),
      position: readPosition(reader, family, attention),
      tokenTypeCount: family.tokenTypes ? reader.countOr(2, 'type_vocab_size') : 0,
      norm: family.embeddingNorm,
      scaled: family.scaledEmbedding,
      dropout: reader.fraction(
        family.embeddingDropout ? residualDropout : 0,
        'embd_pdrop',
        'embedding_dropout',
      ),
    },
    head: {
      default: readHead(outer, family),
      tied: readTied(reader, outer, family),
      bias: reader.flag(family.headBias, 'lm_head_bias'),
      transform: family.headTransform,
      // t5 1.1 and its successors, which once had a matrix of their own, do not scale.
      scaled:
        family.norm === 'rmsT5' && outer.flag(true, 'tie_word_embeddings') && !family.gatedMlp,
      constantBias: family.constantLogitBias,
      logitSoftcapping: reader.has('final_logit_softcapping'),
      pooler: family.structure === 'encoder',
    },
    residualDropout,
    attentionOutputDropout: family.attentionOutputDropout,
    activationDropout: family.activationDropout ? residualDropout : 0,
    bufferBytes: constantBytes(reader, family, layerCount, attention.headSize),
    storedPrecision: readStoredPrecision(reader, outer),
    storedQuantization: readStoredQuantization(outer, assumptions),
    assumptions,
  }
}

/** Masks and tables that some references register as buffers, by the trait of their family. */
function constantBytes(
  reader: ConfigReader,
  { constants }: ArchitectureFamily,
  layerCount: number,
  headSize: number,
): number {
  if (constants === 'none') return 0
  const positions = reader.sizeOr(2048, 'max_position_embeddings', 'n_positions')
  if (constants === 'sines') {
    return layerCount * positions * reader.sizeOr(headSize, 'rotary_dim') * fp32
  }
  return positions * positions * (constants === 'masks' ? layerCount : 1)
}

const fp32 = 4

/** transformers 5 ties the head of every t5, whatever its config says. */
function readTied(reader: ConfigReader, outer: ConfigReader, family: ArchitectureFamily): boolean {
  if (family.norm === 'rmsT5') return true
  return outer.flag(reader.flag(family.tied, 'tie_word_embeddings'), 'tie_word_embeddings')
}

function readLayerCount(reader: ConfigReader): number {
  const layerCount = reader.size(
    'num_hidden_layers',
    'n_layer',
    'num_layers',
    'n_layers',
    'encoder_layers',
  )
  if (layerCount > maxLayerCount) {
    throw new InputError({
      code: 'INVALID_VALUE',
      path: 'model.config.num_hidden_layers',
      message: `${layerCount} layers are more than any model has; at most ${maxLayerCount} are estimated`,
    })
  }
  return layerCount
}

function readAttention(
  reader: ConfigReader,
  family: ArchitectureFamily,
  hiddenSize: number,
  layerCount: number,
): AttentionArchitecture {
  const headCount = reader.size(
    'num_attention_heads',
    'n_head',
    'num_heads',
    'n_heads',
    'encoder_attention_heads',
    'attention_heads',
  )
  const latent = readLatentAttention(reader)
  const keyValueHeadCount = readKeyValueHeads(reader, family, headCount)
  const explicitHeadSize = reader.sizeOrNull('head_dim', 'd_kv', 'kv_channels')
  if (explicitHeadSize === null && hiddenSize % headCount !== 0) {
    throw new InputError({
      code: 'INVALID_VALUE',
      path: 'model.config.num_attention_heads',
      message: `hidden_size ${hiddenSize} is not a multiple of ${headCount} heads; give head_dim`,
    })
  }
  const bias = reader.flag(
    family.attentionBias !== 'none',
    'attention_bias',
    'qkv_bias',
    'use_qkv_bias',
    'enable_bias',
    'use_bias',
    'bias',
  )
  const isInputOnly = reader.has('qkv_bias') || reader.has('use_qkv_bias')
  return {
    headCount,
    keyValueHeadCount,
    headSize: latent
      ? latent.noPositionHeadSize + latent.ropeHeadSize
      : (explicitHeadSize ?? hiddenSize / headCount),
    projection: family.fusedProjection ? 'fused' : 'separate',
    inputBias: bias && family.attentionBias !== 'output',
    outputBias:
      bias && family.attentionBias !== 'input' && !family.attentionInputBiasOnly && !isInputOnly,
    qkNorm: reader.flag(false, 'qk_layernorm', 'use_qk_norm') ? 'perHead' : family.qkNorm,
    logitSoftcapping: reader.has('attn_logit_softcapping'),
    dropout: reader.fraction(
      family.attentionDropout ?? family.dropout,
      'attn_pdrop',
      'attention_probs_dropout_prob',
      'attention_dropout',
      'dropout_rate',
    ),
    softmaxInFp32: family.softmaxInFp32,
    scoresInFp32: family.scoresInFp32,
    alwaysEager: family.alwaysEager,
    sinks: family.sinks,
    normAfterRotary: family.normAfterRotary,
    causal: family.structure !== 'encoder',
    slidingWindow: readSlidingWindow(reader, layerCount, family),
    latent,
  }
}

function readKeyValueHeads(
  reader: ConfigReader,
  family: ArchitectureFamily,
  headCount: number,
): number {
  const isNewFalcon = reader.flag(false, 'new_decoder_architecture')
  if (family.multiQuery && !isNewFalcon && reader.flag(true, 'multi_query')) return 1
  const count = reader.sizeOr(headCount, 'num_key_value_heads', 'num_kv_heads', 'n_head_kv')
  if (count > headCount || headCount % count !== 0) {
    throw new InputError({
      code: 'INVALID_VALUE',
      path: 'model.config.num_key_value_heads',
      message: `${count} key/value heads cannot be shared by ${headCount} query heads`,
    })
  }
  return count
}

/** Layers that look back on a window only; `layer_types` says which, older configs give a period. */
function readSlidingWindow(
  reader: ConfigReader,
  layerCount: number,
  family: ArchitectureFamily,
): AttentionArchitecture['slidingWindow'] {
  const size = reader.sizeOrNull('sliding_window')
  if (size === null || !reader.flag(true, 'use_sliding_window')) return null
  const types = reader.list('layer_types')
  if (types) {
    return { size, layerCount: types.filter((type) => type === 'sliding_attention').length }
  }
  const period = reader.sizeOr(
    family.slidingWindowPeriod,
    'sliding_window_pattern',
    '_sliding_window_pattern',
  )
  const fullLayers = period > 1 ? Math.floor(layerCount / period) : 0
  return { size, layerCount: layerCount - fullLayers }
}

function readMlp(
  reader: ConfigReader,
  family: ArchitectureFamily,
  hiddenSize: number,
  activation: { readonly name: Activation; readonly gated: boolean },
  hasExperts: boolean,
): MlpArchitecture {
  const names = [
    'intermediate_size',
    'n_inner',
    'd_ff',
    'ffn_dim',
    'ffn_hidden_size',
    'encoder_ffn_dim',
    'hidden_dim',
  ] as const
  const intermediateSize =
    family.defaultIntermediateFactor === null && !hasExperts
      ? reader.size(...names)
      : reader.sizeOr((family.defaultIntermediateFactor ?? 4) * hiddenSize, ...names)
  return {
    intermediateSize,
    activation: activation.name,
    gated: activation.gated,
    fusedGateUp: family.fusedGateUp,
    bias: reader.flag(family.mlpBias, 'mlp_bias', 'enable_bias', 'use_bias', 'bias'),
  }
}

const activations: Readonly<Record<string, Activation>> = {
  silu: 'silu',
  swish: 'silu',
  swiglu: 'silu',
  gelu: 'gelu',
  gelu_python: 'gelu',
  gelu_pytorch_tanh: 'gelu_pytorch_tanh',
  gelu_new: 'gelu_new',
  gelu_fast: 'gelu_fast',
  quick_gelu: 'quick_gelu',
  relu: 'relu',
  relu2: 'relu2',
  xielu: 'xielu',
  tanh: 'tanh',
}

function readActivation(
  reader: ConfigReader,
  family: ArchitectureFamily,
  assumptions: string[],
): { readonly name: Activation; readonly gated: boolean } {
  const projection = reader.text(null, 'feed_forward_proj')
  if (projection !== null) {
    // `gated-gelu` stands for the composed gelu_new in T5's configuration class.
    const gated = projection.startsWith('gated-')
    const plain = gated ? projection.slice('gated-'.length) : projection
    return { name: gated && plain === 'gelu' ? 'gelu_new' : (activations[plain] ?? 'relu'), gated }
  }
  const given =
    reader.text(null, 'hidden_activation', 'hidden_act', 'activation_function', 'activation') ??
    family.activation
  const name = activations[given]
  if (name === undefined) {
    assumptions.push(`activation "${given}" is not known: counted as one that keeps its input`)
  }
  return { name: name ?? 'gelu', gated: family.gatedMlp }
}

function readLayout(reader: ConfigReader, family: ArchitectureFamily): LayerLayout {
  if (family.layout === 'parallelTwoNorms') {
    return reader.flag(true, 'use_parallel_residual') ? 'parallelTwoNorms' : 'pre'
  }
  if (family.multiQuery && family.layout === 'parallel') {
    if (!reader.flag(true, 'parallel_attn')) return 'pre'
    const isNew = reader.flag(false, 'new_decoder_architecture')
    const norms = reader.sizeOr(isNew ? 2 : 1, 'num_ln_in_parallel_attn')
    return isNew && norms === 2 ? 'parallelTwoNorms' : 'parallel'
  }
  if (!reader.flag(true, 'do_layer_norm_before')) return 'post'
  return family.layout
}

function readFinalNorm(reader: ConfigReader, family: ArchitectureFamily): boolean {
  if (!reader.flag(true, 'do_layer_norm_before')) return false
  return family.layout !== 'post' && !reader.flag(false, '_remove_final_layer_norm')
}

function readProjection(reader: ConfigReader, hiddenSize: number): number | null {
  const size = reader.sizeOrNull('word_embed_proj_dim', 'embedding_size')
  return size === null || size === hiddenSize ? null : size
}

function readPosition(
  reader: ConfigReader,
  family: ArchitectureFamily,
  attention: AttentionArchitecture,
): PositionEncoding {
  if (reader.flag(false, 'alibi') || family.position === 'alibi') return { type: 'alibi' }
  switch (family.position) {
    case 'learned':
      return {
        type: 'learned',
        positionCount:
          reader.size('max_position_embeddings', 'n_positions', 'max_seq_len') +
          family.positionOffset,
      }
    case 'relativeBias':
      return {
        type: 'relativeBias',
        bucketCount: reader.sizeOr(32, 'relative_attention_num_buckets'),
      }
    case 'rotary': {
      const headSize = attention.latent ? attention.latent.ropeHeadSize : attention.headSize
      const nested = reader.section('rope_parameters')
      const factor = (nested?.has('partial_rotary_factor') ? nested : reader).fraction(
        family.rotaryFraction,
        'partial_rotary_factor',
        'rotary_pct',
      )
      const explicit = reader.sizeOrNull('rotary_dim')
      return {
        type: 'rotary',
        rotarySize: Math.min(headSize, explicit ?? Math.floor(headSize * factor)),
      }
    }
    case 'none':
      return { type: 'none' }
  }
}

/** `architectures` names the class that the weights were saved from. */
function readHead(reader: ConfigReader, family: ArchitectureFamily): ModelHead {
  const [first] = reader.list('architectures') ?? []
  if (typeof first === 'string') {
    if (first.endsWith('ForSequenceClassification')) return 'sequenceClassification'
    if (first.endsWith('ForMaskedLM')) return 'maskedLm'
  }
  return family.head
}

function readStoredPrecision(
  reader: ConfigReader,
  outer: ConfigReader,
): Architecture['storedPrecision'] {
  const name =
    outer.text(null, 'dtype', 'torch_dtype') ?? reader.text(null, 'dtype', 'torch_dtype') ?? ''
  switch (name.replace('torch.', '')) {
    case 'bfloat16':
      return 'bf16'
    case 'float16':
      return 'fp16'
    case 'float32':
      return 'fp32'
    default:
      return null
  }
}

function readStoredQuantization(
  reader: ConfigReader,
  assumptions: string[],
): StoredQuantization | null {
  const section = reader.section('quantization_config')
  const method = section?.text(null, 'quant_method') ?? null
  if (section === null || method === null) return null
  const skip = (section.list('modules_to_not_convert', 'llm_int8_skip_modules') ?? []).filter(
    (name) => typeof name === 'string',
  )
  const base = {
    bits: section.sizeOrNull('bits', 'w_bit'),
    groupSize: section.sizeOrNull('q_group_size'),
    doubleQuant: section.flag(false, 'bnb_4bit_use_double_quant'),
    ggufType: null,
    skip: skip.length > 0 ? skip : ['lm_head'],
  }
  switch (method) {
    case 'gptq':
    case 'awq':
      return { ...base, scheme: method, groupSize: readGroupSize(section) }
    case 'fp8':
      return { ...base, scheme: 'fp8', bits: 8 }
    case 'bitsandbytes': {
      if (section.flag(false, 'load_in_8bit')) return { ...base, scheme: 'bnb-int8', bits: 8 }
      const type = section.text('fp4', 'bnb_4bit_quant_type')
      return { ...base, scheme: type === 'nf4' ? 'nf4' : 'fp4', bits: 4 }
    }
    default:
      assumptions.push(
        `weights stored by "${method.slice(0, 40)}" are counted unquantized, in the job's own precision`,
      )
      return null
  }
}

/** −1 stands for one group per column. */
function readGroupSize(section: ConfigReader): number | null {
  try {
    return section.sizeOrNull('group_size', 'q_group_size')
  } catch (error) {
    if (error instanceof InputError) return null
    throw error
  }
}
