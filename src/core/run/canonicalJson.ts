/**
 * The one JSON text of `value`: keys sorted by UTF-16 code unit, no white space, numbers as ECMAScript
 * writes them (RFC 8785). Two equal values have equal texts however they were built, so a checksum of
 * it says whether a stored record is still what was stored. Fields that are undefined are left out.
 * Throws TypeError on what JSON cannot hold: a number that is not finite, a bigint, a function, a cycle.
 */
export function canonicalJson(value: unknown): string {
  const text = serialize(value, [])
  if (text === undefined) throw new TypeError('undefined has no JSON')
  return text
}

/** The text, or undefined where a property with this value is left out. */
function serialize(value: unknown, parents: readonly object[]): string | undefined {
  if (value === undefined) return undefined
  if (value === null || typeof value === 'boolean' || typeof value === 'string') {
    return JSON.stringify(value)
  }
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) throw new TypeError(`${value} has no JSON`)
    return JSON.stringify(value)
  }
  if (typeof value !== 'object') throw new TypeError(`a ${typeof value} has no JSON`)
  if (parents.includes(value)) throw new TypeError('a cycle has no JSON')
  const inner = [...parents, value]
  if (Array.isArray(value)) {
    return `[${value.map((item) => serialize(item, inner) ?? 'null').join(',')}]`
  }
  const members: string[] = []
  for (const [key, member] of Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))) {
    const text = serialize(member, inner)
    if (text !== undefined) members.push(`${JSON.stringify(key)}:${text}`)
  }
  return `{${members.join(',')}}`
}
