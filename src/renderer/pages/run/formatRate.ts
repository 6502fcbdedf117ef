/** Samples per second with three significant digits, large ones short: 1.23 M, 12.3 万. */
export function formatRate(perSecond: number, language: string): string {
  return new Intl.NumberFormat(language, {
    notation: 'compact',
    maximumSignificantDigits: 3,
  }).format(perSecond)
}
