import type { Texts } from './locales/resources'

// Makes a key that no file has a type error.
declare module 'i18next' {
  interface CustomTypeOptions {
    defaultNS: 'common'
    resources: Texts
  }
}
