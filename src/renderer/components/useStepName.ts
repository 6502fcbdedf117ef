import { useCallback } from 'react'
import { useTranslation } from 'react-i18next'
import { precisionLabel } from '../../core/report/stepLabel'

type NamedStep = Parameters<typeof precisionLabel>[0]

/** `Training fp16-mixed qlora`, in the language of the page. */
export function useStepName(): (step: NamedStep) => string {
  const { t } = useTranslation()
  return useCallback((step) => `${t(`mode.${step.mode}`)} ${precisionLabel(step)}`, [t])
}
