import { useCallback } from 'react'
import { useTranslation } from 'react-i18next'
import { estimatorSentences } from './estimatorSentences'
import { createTranslator } from '../../core/report/words/translateSentence'

const translate = createTranslator(estimatorSentences)

/** What the estimator says in words, in the language of the page; formulas and names stay. */
export function useSentence(): (line: string) => string {
  const { i18n } = useTranslation()
  const isEnglish = i18n.language !== 'zh-CN'
  return useCallback((line) => (isEnglish ? line : (translate(line) ?? line)), [isEnglish])
}
