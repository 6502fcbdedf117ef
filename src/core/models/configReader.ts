import { InputError } from '../errors'

/** Larger than any model by orders of magnitude, and small enough that products stay exact doubles. */
const maxSize = 2 ** 24

/**
 * Typed access to a Hugging Face config.json that people may have edited: every refusal names the
 * field. Aliases are tried in order; the first is the one named when all are missing.
 */
export class ConfigReader {
  constructor(private readonly config: Readonly<Record<string, unknown>>) {}

  has(...names: readonly string[]): boolean {
    return this.raw(names) !== undefined
  }

  /** A whole number from 1; throws InputError where it is missing. */
  size(...names: readonly [string, ...string[]]): number {
    const found = this.raw(names)
    if (found === undefined) {
      throw new InputError({
        code: 'MISSING_FIELD',
        path: `model.config.${names[0]}`,
        message: `is missing from the config: nothing can be estimated without it`,
      })
    }
    return this.checked(found.name, found.value, 1)
  }

  sizeOr(fallback: number, ...names: readonly [string, ...string[]]): number {
    const found = this.raw(names)
    return found === undefined ? fallback : this.checked(found.name, found.value, 1)
  }

  /** As `sizeOr`, and 0 is allowed. */
  countOr(fallback: number, ...names: readonly [string, ...string[]]): number {
    const found = this.raw(names)
    return found === undefined ? fallback : this.checked(found.name, found.value, 0)
  }

  sizeOrNull(...names: readonly [string, ...string[]]): number | null {
    const found = this.raw(names)
    return found === undefined ? null : this.checked(found.name, found.value, 1)
  }

  /** A number from 0 to 1. */
  fraction(fallback: number, ...names: readonly [string, ...string[]]): number {
    const found = this.raw(names)
    if (found === undefined) return fallback
    const { name, value } = found
    if (typeof value !== 'number' || !(value >= 0 && value <= 1)) {
      this.refuse(name, value, 'give a number from 0 to 1')
    }
    return value
  }

  flag(fallback: boolean, ...names: readonly [string, ...string[]]): boolean {
    const found = this.raw(names)
    if (found === undefined) return fallback
    if (typeof found.value !== 'boolean') this.refuse(found.name, found.value, 'give true or false')
    return found.value
  }

  text(fallback: string | null, ...names: readonly [string, ...string[]]): string | null {
    const found = this.raw(names)
    if (found === undefined) return fallback
    if (typeof found.value !== 'string') this.refuse(found.name, found.value, 'give a text')
    return found.value
  }

  list(...names: readonly [string, ...string[]]): readonly unknown[] | null {
    const found = this.raw(names)
    if (found === undefined) return null
    if (!Array.isArray(found.value)) this.refuse(found.name, found.value, 'give a list')
    return found.value
  }

  /** A nested object as a reader of its own; null where it is absent. */
  section(...names: readonly [string, ...string[]]): ConfigReader | null {
    const found = this.raw(names)
    if (found === undefined) return null
    const { name, value } = found
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      this.refuse(name, value, 'give an object')
    }
    return new ConfigReader(value as Readonly<Record<string, unknown>>)
  }

  private raw(
    names: readonly string[],
  ): { readonly name: string; readonly value: unknown } | undefined {
    for (const name of names) {
      const value = Object.hasOwn(this.config, name) ? this.config[name] : undefined
      if (value !== undefined && value !== null) return { name, value }
    }
    return undefined
  }

  private checked(name: string, value: unknown, min: number): number {
    if (typeof value !== 'number' || !Number.isInteger(value) || value < min || value > maxSize) {
      this.refuse(name, value, `give a whole number from ${min} to ${maxSize}`)
    }
    return value
  }

  private refuse(name: string, value: unknown, advice: string): never {
    throw new InputError({
      code: 'INVALID_VALUE',
      path: `model.config.${name}`,
      message: `${JSON.stringify(value) ?? String(value)} is not accepted: ${advice}`.slice(0, 200),
    })
  }
}
