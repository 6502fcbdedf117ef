import type { PrecisionVerdict } from '../compare/comparePrecisions'
import type { Step } from '../run/record'
import type { Words } from './words/en'

type LabelledStep = Pick<Step | PrecisionVerdict, 'mode' | 'precision' | 'int8Mode'>

/** `int8-gemm inference`, `fp16-mixed training step`: an int8 says which int8 it is, and trained fp16 that it is mixed. */
export function stepLabel({ mode, precision, int8Mode }: LabelledStep, words: Words): string {
  return `${precisionLabel({ mode, precision, int8Mode })} ${words.mode[mode]}`
}

/** The precision by its full name. */
export function precisionLabel({ mode, precision, int8Mode }: LabelledStep): string {
  const isMixed = mode === 'train' && (precision === 'fp16' || precision === 'bf16')
  return int8Mode ?? (isMixed ? `${precision}-mixed` : precision)
}
