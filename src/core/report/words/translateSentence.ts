/** A sentence with named places, `{{count}} GPUs`, and the same in the language of the page. */
export type SentencePair = readonly [english: string, translated: string]

/**
 * What the core says is English, for every host alike: it is the key to its translation here, as in
 * gettext. What fills a place may be a sentence of its own and is translated, too; so are the parts of
 * a list that `; ` joins. null where there is no translation.
 */
export function createTranslator(pairs: readonly SentencePair[]): (text: string) => string | null {
  const whole = new Map(pairs.filter(([english]) => !english.includes('{{')))
  const templates = pairs
    .filter(([english]) => english.includes('{{'))
    .map(([english, translated]) => ({ pattern: patternOf(english), translated }))

  function translate(text: string): string | null {
    const known = whole.get(text)
    if (known !== undefined) return known
    for (const { pattern, translated } of templates) {
      const places = pattern.exec(text)?.groups
      if (places) return fill(translated, places, translate)
    }
    const parts = text.split('; ')
    if (parts.length === 1) return null
    const translatedParts = parts.map((part) => translate(part))
    return translatedParts.every((part) => part === null)
      ? null
      : translatedParts.map((part, i) => part ?? parts[i]!).join('；')
  }
  return translate
}

function patternOf(english: string): RegExp {
  const source = english
    .split(/{{(\w+)}}/)
    .map((part, i) =>
      i % 2 === 1 ? `(?<${part}>.+?)` : part.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`),
    )
    .join('')
  return new RegExp(`^${source}$`)
}

function fill(
  translated: string,
  places: Readonly<Record<string, string>>,
  translate: (text: string) => string | null,
): string {
  return translated.replaceAll(/{{(\w+)}}/g, (_whole, name: string) => {
    const value = places[name] ?? ''
    return translate(value) ?? value
  })
}
