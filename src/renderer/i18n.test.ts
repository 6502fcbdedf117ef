import { describe, expect, it } from 'vitest'
import { chooseLanguage } from './i18n'

describe('chooseLanguage', () => {
  it('takes what was chosen before', () => {
    expect(chooseLanguage('zh-CN', ['en-GB'])).toBe('zh-CN')
  })

  it('takes the first of the wanted languages that there is', () => {
    expect(chooseLanguage(null, ['de-DE', 'zh-Hant-TW', 'en'])).toBe('zh-CN')
    expect(chooseLanguage('xx', ['de-DE', 'en-GB', 'zh'])).toBe('en')
  })

  it('speaks English to everybody else', () => {
    expect(chooseLanguage(null, ['de-DE'])).toBe('en')
  })
})
