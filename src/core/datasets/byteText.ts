import { InputError } from '../errors'
import type { Random } from '../random'

/** Path below the resources folder (resources/datasets/persuasion/README.md). */
export const textFile = 'datasets/persuasion/persuasion.txt'

/** A text of which each byte is a token, 0 to 255. */
export interface ByteText {
  /** The first nine tenths: weights are fitted to these. */
  readonly train: Uint8Array
  /** The last tenth, which no training sees. */
  readonly validation: Uint8Array
}

/** Tokens with what follows each: both [batchSize · sequenceLength], sequence after sequence. */
export interface TokenBatch {
  readonly tokens: Int32Array
  /** The label of a token is the one after it. */
  readonly labels: Int32Array
}

export interface TokenBatchSize {
  readonly batchSize: number
  readonly sequenceLength: number
}

export function splitText(bytes: Uint8Array): ByteText {
  const trainLength = Math.floor(0.9 * bytes.length)
  return { train: bytes.subarray(0, trainLength), validation: bytes.subarray(trainLength) }
}

/** Sequences that begin anywhere in `text`, drawn with `random`. Throws InputError where it is too short. */
export function drawTokens(text: Uint8Array, size: TokenBatchSize, random: Random): TokenBatch {
  const startCount = countStarts(text, size)
  return cutTokens(
    text,
    Array.from({ length: size.batchSize }, () => random.integer(startCount)),
    size.sequenceLength,
  )
}

/** Tokens that a validation looks at, whatever their division into batches … */
const validationTokens = 4096
/** … but in no more batches than this: each costs a step. */
const maxValidationBatches = 16

/**
 * The same sequences at every call, spread evenly over `text`: 4096 tokens, rounded up to whole
 * batches, of which there are at most 16. Throws InputError where `text` is too short for one sequence.
 */
export function validationBatches(text: Uint8Array, size: TokenBatchSize): readonly TokenBatch[] {
  const { batchSize, sequenceLength } = size
  const batchCount = Math.min(
    maxValidationBatches,
    Math.ceil(validationTokens / (batchSize * sequenceLength)),
  )
  const sequenceCount = batchCount * batchSize
  const lastStart = countStarts(text, size) - 1
  const startOf = (index: number) =>
    Math.floor((index * lastStart) / Math.max(1, sequenceCount - 1))
  return Array.from({ length: batchCount }, (_, batch) =>
    cutTokens(
      text,
      Array.from({ length: batchSize }, (_, place) => startOf(batch * batchSize + place)),
      sequenceLength,
    ),
  )
}

/** Places where a sequence and the token after it can begin. */
function countStarts(text: Uint8Array, { sequenceLength }: TokenBatchSize): number {
  const count = text.length - sequenceLength
  if (count >= 1) return count
  throw new InputError({
    code: 'INVALID_VALUE',
    path: 'sequenceLength',
    message: `${sequenceLength} tokens and the one after them are more than the text has (${text.length})`,
  })
}

function cutTokens(
  text: Uint8Array,
  starts: readonly number[],
  sequenceLength: number,
): TokenBatch {
  const tokens = new Int32Array(starts.length * sequenceLength)
  const labels = new Int32Array(starts.length * sequenceLength)
  for (const [place, start] of starts.entries()) {
    tokens.set(text.subarray(start, start + sequenceLength), place * sequenceLength)
    labels.set(text.subarray(start + 1, start + 1 + sequenceLength), place * sequenceLength)
  }
  return { tokens, labels }
}
