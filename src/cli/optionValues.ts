import { InputError } from '../core/errors'

/** Makes a flag's text into a value; throws InputError that names the flag. */
export type Read = (flag: string, value: string) => unknown

export function impossible(flag: string, value: string, wayOut: string): InputError {
  return new InputError({
    code: 'INVALID_VALUE',
    path: flag,
    message: `"${value.slice(0, 60)}" is not possible, ${wayOut}`,
  })
}

export function numberOf(flag: string, value: string): number {
  const number = value.trim() === '' ? Number.NaN : Number(value)
  if (!Number.isFinite(number)) throw impossible(flag, value, 'give a number')
  return number
}

/** A whole number, also as 1e3; its range is checked with the whole job. */
export function fullCount(flag: string, value: string): number {
  const number = numberOf(flag, value)
  if (!Number.isInteger(number)) throw impossible(flag, value, 'give a whole number')
  return number
}

/** `a,b,c`, each once. */
export function listOf(flag: string, value: string): string[] {
  const parts = value.split(',').map((part) => part.trim())
  if (parts.some((part) => part === '')) throw impossible(flag, value, 'give names, with commas')
  return [...new Set(parts)]
}

const magnitudes: Readonly<Record<string, number>> = { k: 1e3, m: 1e6, b: 1e9, t: 1e12 }

/** A number of parameters: 7e9, 7000000000 or 7b. */
export function parameterCountOf(flag: string, value: string): number {
  const text = value.trim().toLowerCase()
  const [, digits = '', suffix = ''] = /^([\d.]+(?:e\+?\d+)?)([kmbt]?)$/.exec(text) ?? []
  const count = Math.round(Number(digits || Number.NaN) * (magnitudes[suffix] ?? 1))
  if (count >= 1 && Number.isSafeInteger(count)) return count
  throw impossible(flag, value, 'give a number of parameters, such as 7e9 or 7b')
}
