import { decoderFromConfig } from '../models/decoderConfig'
import type { GptConfig } from '../onnx/networks/gptConfig'
import type { TextPresetName } from './workload'

/** A decoder for bytes, and how it is trained where nobody says otherwise. */
export interface TextPreset {
  readonly config: GptConfig
  readonly batchSize: number
  readonly sequenceLength: number
  readonly trainingSteps: number
}

/** Every byte is a token. */
export const byteVocabularySize = 256

/**
 * Llama's architecture: feed-forward layers 8/3 as wide as the stream, rounded up to whole blocks of 32,
 * in which QLoRA quantizes them.
 */
function decoder(name: string, layers: number, heads: number, width: number, positions: number) {
  return decoderFromConfig(name, {
    model_type: 'llama',
    vocab_size: byteVocabularySize,
    hidden_size: width,
    intermediate_size: 32 * Math.ceil(width / 12),
    num_hidden_layers: layers,
    num_attention_heads: heads,
    max_position_embeddings: positions,
    tie_word_embeddings: false,
  })
}

/**
 * Decoders whose training takes seconds on a CPU (0.9 M parameters), a T4 (10.8 M) and an A100 (85 M, the
 * layers and width of GPT-2 small). The head is not tied to the embedding: over bytes, which are few, a
 * tied one learns little more than their frequencies in so many steps.
 */
export const textPresets: Readonly<Record<TextPresetName, TextPreset>> = {
  'gpt-nano': {
    config: decoder('gpt-nano', 4, 4, 128, 256),
    batchSize: 16,
    sequenceLength: 64,
    trainingSteps: 200,
  },
  'gpt-mini': {
    config: decoder('gpt-mini', 6, 6, 384, 512),
    batchSize: 16,
    sequenceLength: 256,
    trainingSteps: 200,
  },
  'gpt-small': {
    config: decoder('gpt-small', 12, 12, 768, 1024),
    batchSize: 16,
    sequenceLength: 512,
    trainingSteps: 200,
  },
}
