import { InputError } from '../errors'
import type { GptConfig } from '../onnx/networks/gptConfig'
import type { Architecture } from './architecture'
import { ConfigReader } from './configReader'
import { architectureFromConfig } from './huggingFaceConfig'
import { familyOf } from './modelFamilies'

/** What Llama's and GPT-2's own configurations leave out. */
const defaultEpsilon = 1e-5
const defaultTheta = 10_000
const defaultPositions = 2048
/** The model_type of a config that has none. */
const unnamed = 'unknown'

/**
 * The decoder that a Hugging Face config.json describes, as our graphs build it. What they do not
 * build is refused by the field that asks for it; dropout is left out.
 * Throws InputError.
 */
export function decoderFromConfig(name: string, config: unknown): GptConfig {
  const architecture = architectureFromConfig(config)
  const { modelType, attention, mlp, embedding, head, norm } = architecture
  // Estimating it as one that it resembles may do; training another model in its name does not.
  if (modelType !== unnamed && !familyOf(modelType)) {
    refuse('model_type', `${modelType} is not known, and so not how it computes`)
  }
  for (const [field, isUnbuilt, what] of unbuilt(architecture)) if (isUnbuilt) refuse(field, what)
  const reader = new ConfigReader(config as Readonly<Record<string, unknown>>)
  const positions = reader.sizeOr(defaultPositions, 'max_position_embeddings', 'n_positions')
  return {
    name,
    vocabSize: embedding.vocabSize,
    hiddenSize: architecture.hiddenSize,
    numHiddenLayers: architecture.layerCount,
    numAttentionHeads: attention.headCount,
    numKeyValueHeads: attention.keyValueHeadCount,
    intermediateSize: mlp.intermediateSize,
    // Within its window a sliding attention is an ordinary one.
    maxPositionEmbeddings: Math.min(positions, attention.slidingWindow?.size ?? positions),
    hiddenAct: mlp.gated ? 'silu' : 'gelu',
    normalization: norm.type === 'layerNorm' ? 'layerNorm' : 'rmsNorm',
    normEpsilon: reader.fraction(defaultEpsilon, 'rms_norm_eps', 'layer_norm_epsilon'),
    positions:
      embedding.position.type === 'learned'
        ? { type: 'learned' }
        : { type: 'rotary', theta: reader.sizeOr(defaultTheta, 'rope_theta') },
    bias: attention.inputBias,
    tieWordEmbeddings: head.tied,
  }
}

type Refusal = readonly [field: string, isUnbuilt: boolean, what: string]

function unbuilt(architecture: Architecture): readonly Refusal[] {
  const { structure, layout, norm, attention, mlp, experts, embedding, head } = architecture
  const { position } = embedding
  const isGelu = mlp.activation.startsWith('gelu')
  return [
    ['model_type', structure !== 'decoder', 'only decoders are trained here'],
    ['num_experts', experts !== null, 'mixtures of experts are not built'],
    ['model_type', layout !== 'pre', 'only layers normalised before each block are built'],
    ['model_type', norm.type === 'rmsGemma' || norm.type === 'rmsT5', 'its norm is not built'],
    ['kv_lora_rank', attention.latent !== null, 'latent attention is not built'],
    ['model_type', attention.qkNorm !== 'none', 'normalised queries and keys are not built'],
    ['attn_logit_softcapping', attention.logitSoftcapping, 'squashed scores are not built'],
    ['final_logit_softcapping', head.logitSoftcapping, 'squashed logits are not built'],
    [
      'head_dim',
      attention.headSize * attention.headCount !== architecture.hiddenSize,
      'heads must share the hidden size evenly',
    ],
    [
      'attention_bias',
      attention.inputBias !== attention.outputBias || attention.inputBias !== mlp.bias,
      'biases of only some linear layers are not built',
    ],
    [
      'hidden_act',
      mlp.gated ? mlp.activation !== 'silu' : !isGelu,
      `${mlp.activation} is not built: silu with a gate and gelu without are`,
    ],
    [
      'model_type',
      position.type !== 'learned' && position.type !== 'rotary',
      'its kind of positions is not built',
    ],
    [
      'partial_rotary_factor',
      position.type === 'rotary' && position.rotarySize !== attention.headSize,
      'heads of which only a part turns are not built',
    ],
    ['word_embed_proj_dim', embedding.projectedFrom !== null, 'a projection is not built'],
    ['model_type', embedding.norm || embedding.scaled, 'its embedding is not built'],
    ['model_type', head.bias || head.transform, 'its output head is not built'],
  ]
}

function refuse(field: string, what: string): never {
  throw new InputError({
    code: 'UNSUPPORTED',
    path: `model.config.${field}`,
    message: `${what}; it can be estimated (headroom estimate), not run`,
  })
}
