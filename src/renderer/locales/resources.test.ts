import { describe, expect, it } from 'vitest'
import { resources } from './resources'

/** `a.b` → text of every leaf. */
function leaves(value: object, prefix = ''): [key: string, text: unknown][] {
  return Object.entries(value).flatMap(([name, child]: [string, unknown]) =>
    typeof child === 'object' && child !== null
      ? leaves(child, `${prefix}${name}.`)
      : [[prefix + name, child]],
  )
}

/** CLDR gives Chinese one plural form; English has two. */
const withoutPlural = (key: string) => key.replace(/_(one|other)$/, '')
const keys = (texts: object) => new Set(leaves(texts).map(([key]) => withoutPlural(key)))
const placeholders = (text: string) => [...new Set(text.match(/{{\s*\w+/g))].toSorted()

const english = leaves(resources.en)
const chinese = new Map(leaves(resources['zh-CN']))

describe('texts', () => {
  it('has the same keys in both languages', () => {
    expect(keys(resources['zh-CN'])).toEqual(keys(resources.en))
  })

  it.each(Object.entries(resources))('has no empty text in %s', (_language, texts) => {
    const empty = leaves(texts).filter(([, text]) => typeof text !== 'string' || !text.trim())
    expect(empty).toEqual([])
  })

  it('fills in the same values in both languages', () => {
    const different = english.filter(
      ([key, text]) =>
        placeholders(String(text)).join() !== placeholders(String(chinese.get(key))).join(),
    )
    expect(different).toEqual([])
  })
})
