import { InputError } from '../errors'
import type { ConfigReader } from './configReader'
import type { ArchitectureFamily } from './families/architectureFamily'
import { llama } from './families/architectureFamily'
import { bart, bert } from './families/encoderFamilies'
import { gpt2 } from './families/gptFamilies'

export interface Resembled {
  readonly family: ArchitectureFamily
  /** The known type whose structure is assumed. */
  readonly name: string
}

/**
 * What a model_type that is not known most resembles, by which fields its config has: two stacks
 * (bart), token types (bert), the names of GPT-2's generation without rotary positions (gpt2), else
 * llama, with a LayerNorm where the config gives that one's ε and a plain MLP where the activation
 * has no gate.
 */
export function resembledFamily(reader: ConfigReader): Resembled {
  const unknown = { known: false, defaultIntermediateFactor: 4 } as const
  if (reader.has('encoder_layers') && reader.has('decoder_layers')) {
    return { family: { ...bart, ...unknown }, name: 'bart' }
  }
  if (reader.has('type_vocab_size') || reader.has('position_embedding_type')) {
    return { family: { ...bert, ...unknown }, name: 'bert' }
  }
  const isRotary = reader.has('rotary_dim', 'rope_theta', 'rope_parameters', 'rotary_pct')
  if (reader.has('n_embd') && reader.has('n_positions') && !isRotary) {
    return { family: { ...gpt2, ...unknown }, name: 'gpt2' }
  }
  const activation = reader.text(null, 'hidden_act', 'activation_function', 'hidden_activation')
  const isPlain = activation === 'relu2' || activation === 'relu' || activation === 'xielu'
  const isLayerNorm =
    reader.has('layer_norm_eps', 'layer_norm_epsilon', 'norm_epsilon') &&
    !reader.has('rms_norm_eps')
  return {
    family: {
      ...llama,
      ...unknown,
      norm: isLayerNorm ? 'layerNorm' : 'rms',
      gatedMlp: !isPlain,
    },
    name: 'llama',
  }
}

/** Layers that are attention over all or some of the tokens; what else there is has another memory. */
const attentionLayers = new Set(['full_attention', 'sliding_attention', 'chunked_attention'])

/** Types whose structure none of the known ones stands for, and why. */
export const unmodelledTypes: Readonly<Record<string, string>> = {
  albert: 'all its layers share one set of weights',
  deberta: 'its attention has separate terms for content and position',
  'deberta-v2': 'its attention has separate terms for content and position',
  reformer: 'its attention hashes tokens into buckets',
  longformer: 'its attention is a band with global tokens',
  xlnet: 'its attention has two streams',
}

/** Throws InputError for a model that would be estimated as something it is not. */
export function refuseUnmodelled(modelType: string, reader: ConfigReader): void {
  const reason = Object.hasOwn(unmodelledTypes, modelType) ? unmodelledTypes[modelType] : undefined
  if (reason !== undefined) {
    throw new InputError({
      code: 'UNSUPPORTED',
      path: 'model.config.model_type',
      message: `"${modelType}" is not modelled: ${reason}`,
    })
  }
  const foreign = (reader.list('layer_types') ?? []).find(
    (type) => typeof type === 'string' && !attentionLayers.has(type),
  )
  if (typeof foreign !== 'string') return
  throw new InputError({
    code: 'UNSUPPORTED',
    path: 'model.config.layer_types',
    message: `"${foreign.slice(0, 40)}" layers are not modelled; only layers of attention are`,
  })
}
