import { en, type Words } from './en'
import { zhCN } from './zhCN'

export const reportLanguages = ['en', 'zh-CN'] as const
export type ReportLanguage = (typeof reportLanguages)[number]

export function reportWords(language: ReportLanguage): Words {
  return language === 'zh-CN' ? zhCN : en
}
