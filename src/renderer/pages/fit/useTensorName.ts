import { useCallback } from 'react'
import { useTranslation } from 'react-i18next'
import fitTexts from '../../locales/en/fit.json'

/** What the estimator calls a moment or a group of tensors, in the language of the page. */
export function useTensorName(): (label: string) => string {
  const { t } = useTranslation('fit')
  return useCallback(
    // A name that the page has no word for keeps the estimator's own.
    (label) => (isKnown(label) ? t(`tensor.${label}`) : label),
    [t],
  )
}

/** Whether the page has a word for it; a test holds that it has for all. */
export function isKnown(label: string): label is keyof typeof fitTexts.tensor {
  return Object.hasOwn(fitTexts.tensor, label)
}
