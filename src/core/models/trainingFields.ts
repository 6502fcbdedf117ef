import type * as z from 'zod'
import type { TrainJob } from '../estimate/job'
import { InputError } from '../errors'
import { isRecord } from './jsonHeader'

/**
 * What the training configurations of other tools have in common: a table of their fields, in which
 * each is mapped, known to leave memory as it is, or refused by name. Nothing is ignored silently.
 */

export type TrainJobFields = {
  -readonly [Key in keyof z.input<typeof TrainJob>]?: z.input<typeof TrainJob>[Key]
}

/** The part of a Job that a file determines. */
export interface JobFragment {
  readonly job: Readonly<TrainJobFields>
  /** The base model's name as the file gives it (a Hugging Face id, a path), or null. */
  readonly baseModel: string | null
  /** What had to be assumed, one sentence each. */
  readonly assumptions: readonly string[]
  /**
   * Fields of `job` that the file implies without saying them, each with the sentence that tells so:
   * another file that says them is believed.
   */
  readonly implied: ReadonlyMap<keyof TrainJobFields, string>
}

export class FragmentDraft {
  readonly job: TrainJobFields = {}
  baseModel: string | null = null
  readonly assumptions: string[] = []
  readonly implied = new Map<keyof TrainJobFields, string>()

  finish(): JobFragment {
    const { job, baseModel, assumptions, implied } = this
    return { job, baseModel, assumptions, implied }
  }
}

/** One value of the file, with what refusals need to name it. */
export class FieldValue {
  constructor(
    private readonly file: string,
    readonly path: string,
    readonly value: unknown,
  ) {}

  /** The file's own "not set": null, false, '', [], {} or HF's 'auto'. */
  get isUnset(): boolean {
    const { value } = this
    if (value === null || value === undefined || value === false) return true
    if (value === '' || value === 'auto') return true
    if (Array.isArray(value)) return value.length === 0
    return isRecord(value) && Object.keys(value).length === 0
  }

  count(): number {
    const number = typeof this.value === 'string' ? Number(this.value) : this.value
    if (typeof number !== 'number' || !Number.isSafeInteger(number) || number < 1) {
      throw this.refuse('give a whole number from 1')
    }
    return number
  }

  fraction(): number {
    const { value } = this
    if (typeof value !== 'number' || !(value >= 0 && value <= 1)) {
      throw this.refuse('give a number from 0 to 1')
    }
    return value
  }

  flag(): boolean {
    if (this.value === 'auto' || this.value === null) return false
    if (typeof this.value !== 'boolean') throw this.refuse('give true or false')
    return this.value
  }

  text(): string {
    if (typeof this.value !== 'string') throw this.refuse('give a text')
    return this.value
  }

  texts(): string[] {
    const { value } = this
    const isTexts =
      Array.isArray(value) && value.every((item) => typeof item === 'string' && item.length > 0)
    if (!isTexts) throw this.refuse('give a list of names')
    return value
  }

  /** The entry of `choices` under this text; the refusal lists the names that there are. */
  choice<T>(choices: Readonly<Record<string, T>>): T {
    const text = this.text().toLowerCase()
    const found = Object.entries(choices).find(([name]) => name === text)
    if (!found) throw this.refuse(`is not modelled; known are ${Object.keys(choices).join(', ')}`)
    return found[1]
  }

  refuse(wayOut: string): InputError {
    const shown = JSON.stringify(this.value)?.slice(0, 60) ?? String(this.value)
    return new InputError({
      code: 'UNSUPPORTED',
      file: this.file,
      path: this.path,
      message: `${shown}: ${wayOut}`,
    })
  }
}

/**
 * `noEffect`: leaves memory as it is. `mustBeUnset`: would change memory and is not modelled, so it
 * is refused unless it is off. A function maps the field.
 */
export type FieldRule = 'noEffect' | 'mustBeUnset' | ((field: FieldValue) => void)

export interface FieldRules {
  readonly fields: Readonly<Record<string, FieldRule>>
  /** Fields that begin so leave memory as it is: `wandb_`, `hub_`. */
  readonly noEffectPrefixes?: readonly string[]
}

/** Applies the rule of each field; throws InputError that names the first without one. */
export function applyRules(
  input: unknown,
  rules: FieldRules,
  file: string,
  parent: string | null = null,
): void {
  if (!isRecord(input)) {
    throw new InputError({
      code: 'INVALID_VALUE',
      file,
      path: parent,
      message: 'is not an object of fields',
    })
  }
  for (const [name, value] of Object.entries(input)) {
    const path = parent === null ? name : `${parent}.${name}`
    const field = new FieldValue(file, path, value)
    const rule = Object.hasOwn(rules.fields, name) ? rules.fields[name] : undefined
    if (typeof rule === 'function') rule(field)
    else if (rule === 'mustBeUnset') {
      if (!field.isUnset) throw field.refuse('changes memory in a way that is not modelled')
    } else if (rule === undefined) {
      const isHarmless = rules.noEffectPrefixes?.some((prefix) => name.startsWith(prefix)) ?? false
      if (!isHarmless) {
        throw new InputError({
          code: 'UNKNOWN_FIELD',
          file,
          path,
          message: 'is not a known field: nothing is ignored, so remove it or correct its name',
        })
      }
    }
  }
}

/** The same rule for several fields. */
export function all(
  rule: FieldRule,
  ...names: readonly string[]
): Readonly<Record<string, FieldRule>> {
  return Object.fromEntries(names.map((name) => [name, rule]))
}
