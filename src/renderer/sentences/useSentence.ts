import { useCallback } from 'react'
import { useTranslation } from 'react-i18next'
import { createTranslator } from '../../core/report/words/translateSentence'
import { deviceSentences } from './deviceSentences'
import { estimatorSentences } from './estimatorSentences'

const translators = {
  estimator: createTranslator(estimatorSentences),
  devices: createTranslator(deviceSentences),
} as const

/**
 * What the estimator, or the detection of devices and the doctor, say in words, in the language of the
 * page; formulas, names and what native code printed stay.
 */
export function useSentence(
  speaker: keyof typeof translators = 'estimator',
): (line: string) => string {
  const { i18n } = useTranslation()
  const isEnglish = i18n.language !== 'zh-CN'
  return useCallback(
    (line) => (isEnglish ? line : (translators[speaker](line) ?? line)),
    [isEnglish, speaker],
  )
}
