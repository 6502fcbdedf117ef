/** Sentences one after the other: Chinese leaves no space behind its full stop. */
export function joinSentences(language: string, ...sentences: readonly string[]): string {
  return sentences.filter((sentence) => sentence !== '').join(language.startsWith('zh') ? '' : ' ')
}
