import { InputError } from '../errors'
import type { Architecture, ModelHead } from './architecture'
import { readAttention } from './attentionConfig'
import { ConfigReader } from './configReader'
import { readPosition, readProjection } from './embeddingConfig'
import type { ArchitectureFamily } from './families/architectureFamily'
import { readFinalNorm, readLayout } from './layoutConfig'
import { readActivation, readMlp } from './mlpConfig'
import { familyOf } from './modelFamilies'
import { readMixtureOfExperts } from './sparseConfig'
import { readStoredPrecision, readStoredQuantization } from './storedWeightsConfig'
import { refuseUnmodelled, resembledFamily } from './unknownFamily'

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

/** `architectures` names the class that the weights were saved from. */
function readHead(reader: ConfigReader, family: ArchitectureFamily): ModelHead {
  const [first] = reader.list('architectures') ?? []
  if (typeof first === 'string') {
    if (first.endsWith('ForSequenceClassification')) return 'sequenceClassification'
    if (first.endsWith('ForMaskedLM')) return 'maskedLm'
  }
  return family.head
}
