import type { PrecisionVerdict } from '../compare/comparePrecisions'
import type { Step } from '../run/record'
import type { Words } from './words/en'

type LabelledStep = Pick<Step | PrecisionVerdict, 'mode' | 'precision' | 'int8Mode'> &
  Partial<Pick<Step, 'method' | 'optimizer'>>

/** `int8-gemm inference`, `fp16-mixed training step`: an int8 says which int8 it is, and trained fp16 that it is mixed. */
export function stepLabel(step: LabelledStep, words: Words): string {
  return `${precisionLabel(step)} ${words.mode[step.mode]}`
}

/** The precision by its full name; in training with whatever is not usual: `fp32 qlora`, `fp32 adamw-8bit`. */
export function precisionLabel({
  mode,
  precision,
  int8Mode,
  method = null,
  optimizer = null,
}: LabelledStep): string {
  if (mode === 'infer') return int8Mode ?? precision
  const isMixed = precision === 'fp16' || precision === 'bf16'
  const arithmetic = precision === 'int8' ? 'int8-qat' : isMixed ? `${precision}-mixed` : precision
  return [
    arithmetic,
    ...(method === null || method === 'full' ? [] : [method]),
    ...(optimizer === null || optimizer === 'adamw' ? [] : [optimizer]),
  ].join(' ')
}
