import * as z from 'zod'
import { InputError } from '../errors'
import { decoderFromConfig } from '../models/decoderConfig'
import type { GptConfig } from '../onnx/networks/gptConfig'

const size = z
  .int()
  .min(1)
  .max(2 ** 24)

/** A decoder out of somebody's config.json, of which as many layers are run as fit: probe here, predict there. */
export const DecoderModel = z.strictObject({
  /** Layers of the whole model; `config` has those that are run. */
  layerCount: size,
  config: z.strictObject({
    name: z.string().min(1).max(200),
    vocabSize: size,
    hiddenSize: size,
    numHiddenLayers: size,
    numAttentionHeads: size,
    numKeyValueHeads: size,
    intermediateSize: size,
    maxPositionEmbeddings: size,
    hiddenAct: z.enum(['gelu', 'silu']),
    normalization: z.enum(['layerNorm', 'rmsNorm']),
    normEpsilon: z.number().positive().max(1),
    positions: z.discriminatedUnion('type', [
      z.strictObject({ type: z.literal('learned') }),
      z.strictObject({ type: z.literal('rotary'), theta: z.number().positive() }),
    ]),
    bias: z.boolean(),
    tieWordEmbeddings: z.boolean(),
  }),
})
export type DecoderModel = z.infer<typeof DecoderModel>

/** Tokens are bytes: a smaller vocabulary has no row for some of them. */
const leastVocabularySize = 256

/**
 * The first `layers` layers of the model that a config.json describes; all of them where it is null.
 * Throws InputError naming the field that cannot be.
 */
export function cutDecoder(name: string, config: unknown, layers: number | null): DecoderModel {
  const whole: GptConfig = decoderFromConfig(name, config)
  const layerCount = whole.numHiddenLayers
  if (layers !== null && layers > layerCount) {
    refuse('layers', `${layers} is more than the ${layerCount} layers that the model has`)
  }
  if (whole.vocabSize < leastVocabularySize) {
    refuse(
      'model.config.vocab_size',
      `${whole.vocabSize} tokens are fewer than the ${leastVocabularySize} bytes that a text is fed as`,
    )
  }
  return DecoderModel.parse({
    layerCount,
    config: { ...whole, numHiddenLayers: layers ?? layerCount },
  })
}

function refuse(path: string, message: string): never {
  throw new InputError({ code: 'INVALID_VALUE', path, message })
}
