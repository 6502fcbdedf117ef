import i18next from 'i18next'
import { initReactI18next } from 'react-i18next'
import { resources } from './locales/resources'
import { readPreference, writePreference } from './preferences'

export const languages = ['en', 'zh-CN'] as const
export type Language = (typeof languages)[number]

export const languageNames: Readonly<Record<Language, string>> = {
  en: 'English',
  'zh-CN': '简体中文',
}

/** The language that was chosen before, else the first that the browser asks for and we have. */
export function chooseLanguage(stored: string | null, wanted: readonly string[]): Language {
  const known = languages.find((language) => language === stored)
  if (known) return known
  for (const tag of wanted) {
    if (tag.startsWith('zh')) return 'zh-CN'
    if (tag.startsWith('en')) return 'en'
  }
  return 'en'
}

/** Sets up the texts; resolves at once, since all of them are in the bundle. */
export async function startI18n(language: Language): Promise<void> {
  await i18next.use(initReactI18next).init({
    resources,
    lng: language,
    fallbackLng: 'en',
    defaultNS: 'common',
    ns: Object.keys(resources.en),
    interpolation: { escapeValue: false }, // React escapes
    returnNull: false,
  })
}

/** Shows the page in `language` and remembers it. */
export async function switchLanguage(language: Language): Promise<void> {
  writePreference('language', language)
  await i18next.changeLanguage(language)
}

/** The language chosen on this machine. */
export function preferredLanguage(): Language {
  return chooseLanguage(readPreference('language'), navigator.languages)
}
