import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import type { Relief } from '../../../core/estimate/estimate'
import type { FitDraft } from './fitDraft'
import { kindsOf, type ReliefKind, reliefValues } from './reliefs'

interface ReliefTexts {
  /** `QLoRA (nf4 base) + loss in chunks`. */
  readonly change: (relief: Relief, draft: FitDraft) => string
  /** What is given up beside time; null where nothing is. */
  readonly price: (relief: Relief, draft: FitDraft) => string | null
}

/** Changes that cost nothing but time. */
const free = new Set<ReliefKind>(['attention', 'checkpointing', 'logits'])

/** Reliefs in the language of the page; one that it has no words for keeps those of the estimator. */
export function useReliefText(): ReliefTexts {
  const { t } = useTranslation('fit')
  return useMemo(
    () => ({
      change: ({ change, changes }, draft) => {
        const kinds = kindsOf(changes, draft)
        if (!kinds) return change
        const isAccumulated = changes.gradientAccumulationSteps !== undefined
        return kinds
          .map((kind) => (kind === 'batchSize' && !isAccumulated ? 'smallerBatch' : kind))
          .map((word) => t(`relief.${word}`, reliefValues(changes)))
          .join(' + ')
      },
      price: ({ changes, price }, draft) => {
        const kinds = kindsOf(changes, draft)
        if (!kinds || price === null) return price
        return kinds
          .filter((kind) => !free.has(kind))
          .map((kind) => t(`price.${kind}` as 'price.lora', reliefValues(changes)))
          .join(t('price.and'))
      },
    }),
    [t],
  )
}
