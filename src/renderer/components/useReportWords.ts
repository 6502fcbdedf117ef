import { useTranslation } from 'react-i18next'
import type { Words } from '../../core/report/words/en'
import { reportWords } from '../../core/report/words/reportWords'
import type { Language } from '../i18n'

/** The words of a report, in the language of the page; the same object until that changes. */
export function useReportWords(): Words {
  const { i18n } = useTranslation()
  return reportWords(i18n.language as Language)
}
