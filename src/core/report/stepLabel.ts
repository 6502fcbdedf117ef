import type { PrecisionVerdict } from '../compare/comparePrecisions'
import type { Step } from '../run/record'
import type { Words } from './words/en'

/** `int8-gemm inference`: an int8 says which int8 it is. */
export function stepLabel(
  { mode, precision, int8Mode }: Pick<Step | PrecisionVerdict, 'mode' | 'precision' | 'int8Mode'>,
  words: Words,
): string {
  return `${int8Mode ?? precision} ${words.mode[mode]}`
}
