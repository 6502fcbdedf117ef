import { useCallback } from 'react'
import { useTranslation } from 'react-i18next'
import type { Step } from '../../core/run/record'

type NamedStep = Pick<Step, 'mode' | 'precision' | 'int8Mode'>

/** The precision by its full name: in training fp16 is fp16-mixed, and int8 says which int8 it is. */
export function precisionName({ mode, precision, int8Mode }: NamedStep): string {
  if (int8Mode && mode === 'infer') return int8Mode
  if (mode === 'train' && (precision === 'fp16' || precision === 'bf16'))
    return `${precision}-mixed`
  return precision
}

/** `Training fp16-mixed`, in the language of the page. */
export function useStepName(): (step: NamedStep) => string {
  const { t } = useTranslation()
  return useCallback((step) => `${t(`mode.${step.mode}`)} ${precisionName(step)}`, [t])
}
