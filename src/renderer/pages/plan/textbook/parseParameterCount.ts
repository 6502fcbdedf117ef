const multipliers: Readonly<Record<string, number>> = {
  '': 1,
  k: 1e3,
  m: 1e6,
  b: 1e9,
  t: 1e12,
}

/**
 * The number of parameters that a text means: `7B`, `7e9`, `350 M`, `1,112,664,064`. Null where it
 * means none; fractions of a parameter are rounded.
 */
export function parseParameterCount(text: string): number | null {
  const compact = text.replaceAll(/[\s,_]/g, '').toLowerCase()
  const match = /^(\d+(?:\.\d+)?(?:e\d{1,2})?)([kmbt]?)$/.exec(compact)
  if (!match) return null
  const count = Math.round(Number(match[1]) * (multipliers[match[2] ?? ''] ?? 1))
  return count > 0 ? count : null
}

/** The count as people say it: 7 B, 1.11 B, 350 M, 52 650. */
export function formatParameterCount(count: number): string {
  for (const [unit, size] of [
    ['T', 1e12],
    ['B', 1e9],
    ['M', 1e6],
  ] as const)
    if (count >= size) return `${Number((count / size).toPrecision(3))} ${unit}`
  return String(count)
}
