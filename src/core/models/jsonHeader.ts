/**
 * Guards around JSON.parse for text from a stranger: JSON.parse silently keeps the last of two equal
 * keys and accepts millions of nested brackets.
 */

export interface JsonShape {
  /** Deepest nesting of objects and arrays. */
  readonly depth: number
  /** Keys written in objects of nesting 1, 2, …; equal keys count each time. */
  readonly keysAtDepth: readonly number[]
  /** Offsets of the commas between the members of the outermost object. */
  readonly commas: readonly number[]
}

const quote = 0x22
const backslash = 0x5c
const colon = 0x3a
const comma = 0x2c
const openingBracket = 0x5b
const closingBracket = 0x5d
const openingBrace = 0x7b
const closingBrace = 0x7d

/**
 * One pass over the bytes, without recursion; stops as soon as `maxDepth` is exceeded. Only valid
 * JSON gives a meaningful answer: parse it afterwards.
 */
export function scanJson(bytes: Uint8Array, maxDepth: number): JsonShape {
  const keysAtDepth = Array.from<number>({ length: maxDepth + 1 }).fill(0)
  const commas: number[] = []
  let depth = 0
  let deepest = 0
  let insideString = false
  for (let index = 0; index < bytes.length; index += 1) {
    const byte = bytes[index]!
    if (insideString) {
      if (byte === backslash) index += 1
      else if (byte === quote) insideString = false
    } else if (byte === quote) insideString = true
    else if (byte === colon) keysAtDepth[depth] = (keysAtDepth[depth] ?? 0) + 1
    else if (byte === comma) {
      if (depth === 1) commas.push(index)
    } else if (byte === openingBrace || byte === openingBracket) {
      depth += 1
      deepest = Math.max(deepest, depth)
      if (depth > maxDepth) break
    } else if (byte === closingBrace || byte === closingBracket) depth -= 1
  }
  return { depth: deepest, keysAtDepth, commas }
}

/** Whether a parsed value is an object with keys, not an array and not null. */
export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
