import { bytesPerElement, type Precision } from '../dtype'
import { InputError } from '../errors'
import type { ExplainedTerm } from './explain'
import { memoryTerms, type MemoryTerms } from './memoryTerms'

/**
 * The arithmetic that courses teach: weights, gradients and optimizer states, each kept in the one
 * stated precision, and nothing else. No activations, no master weights, no runtime: it is a floor
 * that fits on an envelope, and the other runtimes show how far from the truth it is.
 */

export type TextbookOptimizer = 'sgd' | 'momentum' | 'adam' | 'adamw'

export interface TextbookJob {
  /** May be a round figure: 7e9 for "a 7B model". */
  readonly parameterCount: number
  readonly precision: Precision
  readonly optimizer: TextbookOptimizer
  /** `load` holds the weights only. */
  readonly task: 'train' | 'load'
}

export interface TextbookMemory {
  readonly terms: MemoryTerms
  /** The terms that the task holds, in the order in which they are taught. */
  readonly explained: readonly ExplainedTerm[]
}

/** Tensors of the parameters' shape that an optimizer keeps from step to step. */
export const optimizerStatesPerParameter: Readonly<Record<TextbookOptimizer, number>> = {
  sgd: 0,
  momentum: 1,
  adam: 2,
  adamw: 2,
}

const optimizerSources: Readonly<Record<TextbookOptimizer, string>> = {
  sgd: 'Plain gradient descent keeps no state',
  momentum: 'Polyak 1964: one velocity per parameter',
  adam: 'Kingma & Ba 2015, algorithm 1: first and second moment',
  adamw: 'Loshchilov & Hutter 2019, algorithm 2: first and second moment',
}

/**
 * Above this, bytes are no longer whole numbers in a double: 2⁵³ bytes over the 16 bytes that an
 * fp32 parameter takes under Adam. The largest models are near 10¹² parameters.
 */
export const maxTextbookParameterCount = 2 ** 53 / 16

/**
 * Bytes that the textbook counts: N × b weights, N × b gradients, k × N × b optimizer states, where
 * b is the bytes of one element and k the states per parameter.
 * Throws InputError when `parameterCount` is not a whole number from 1 to 2⁴⁹.
 */
export function textbookMemory(job: TextbookJob): TextbookMemory {
  const { parameterCount, precision, optimizer, task } = job
  const isCount = Number.isInteger(parameterCount) && parameterCount > 0
  if (!isCount || parameterCount > maxTextbookParameterCount) {
    throw new InputError({
      code: 'INVALID_VALUE',
      path: 'model.parameterCount',
      message: `${parameterCount} is not a number of parameters; give a whole number such as 7e9`,
    })
  }
  const elementBytes = bytesPerElement[precision]
  const stateCount = optimizerStatesPerParameter[optimizer]
  const count = formatCount(parameterCount)
  const copyBytes = parameterCount * elementBytes

  const weights: ExplainedTerm = {
    term: 'weightsBytes',
    symbol: 'M_weights',
    formula: 'N × b',
    substituted: `${count} × ${elementBytes} B`,
    bytes: copyBytes,
    source: `${precision} stores ${elementBytes} bytes per parameter`,
  }
  if (task === 'load') {
    return { terms: memoryTerms({ weightsBytes: copyBytes }), explained: [weights] }
  }
  const gradients: ExplainedTerm = {
    term: 'gradientsBytes',
    symbol: 'M_gradients',
    formula: 'N × b',
    substituted: `${count} × ${elementBytes} B`,
    bytes: copyBytes,
    source: 'Backpropagation: one gradient per parameter, in the type of the parameter',
  }
  const states: ExplainedTerm = {
    term: 'optimizerStatesBytes',
    symbol: 'M_states',
    formula: 'k × N × b',
    substituted: `${stateCount} × ${count} × ${elementBytes} B`,
    bytes: stateCount * copyBytes,
    source: optimizerSources[optimizer],
  }
  const terms = memoryTerms({
    weightsBytes: weights.bytes,
    gradientsBytes: gradients.bytes,
    optimizerStatesBytes: states.bytes,
  })
  return { terms, explained: [weights, gradients, states] }
}

/** 7e9 as `7e9`, 1_112_664_064 in full: a round figure stays recognisable. */
function formatCount(count: number): string {
  const short = count.toExponential().replace('e+', 'e')
  return count >= 1e6 && short.length <= 6 ? short : String(count)
}
