import { InputError } from '../errors'
import type { JobFragment, TrainJobFields } from './trainingFields'

export type TrainingFileKind = 'peft' | 'deepspeed' | 'axolotl' | 'trainingArguments'

/** What one training file says, and which file that is. */
export interface TrainingFile {
  readonly kind: TrainingFileKind
  /** Name for errors and assumptions. */
  readonly file: string
  readonly fragment: JobFragment
}

type FieldName = keyof TrainJobFields

interface Statement {
  readonly value: unknown
  readonly from: TrainingFile
  /** The sentence of a value that is only implied; null where the file says it. */
  readonly implied: string | null
}

/**
 * The job that several files describe together. A field that one file only implies is believed of
 * the file that says it, and DeepSpeed's optimizer replaces that of TrainingArguments, as in the
 * Hugging Face integration. Throws InputError for a field that two files say differently.
 */
export function mergeTrainingFiles(files: readonly TrainingFile[]): JobFragment {
  const statements = new Map<FieldName, Statement>()
  const lines: string[] = []
  let base: { readonly name: string; readonly file: string } | null = null
  for (const from of files) {
    const { job, implied, baseModel, assumptions } = from.fragment
    for (const [name, value] of Object.entries(job) as [FieldName, unknown][]) {
      const next = { value, from, implied: implied.get(name) ?? null }
      const before = statements.get(name)
      statements.set(name, before ? agree(name, before, next, lines) : next)
    }
    if (baseModel !== null && base !== null && base.name !== baseModel) {
      throw contradiction(from.file, 'base model', baseModel, base.name, base.file)
    }
    if (baseModel !== null) base = { name: baseModel, file: from.file }
    lines.push(...assumptions)
  }
  const job: Record<string, unknown> = {}
  const implied = new Map<FieldName, string>()
  for (const [name, statement] of statements) {
    job[name] = statement.value
    if (statement.implied !== null) implied.set(name, statement.implied)
  }
  return { job, baseModel: base?.name ?? null, assumptions: lines, implied }
}

function agree(name: FieldName, a: Statement, b: Statement, lines: string[]): Statement {
  if (JSON.stringify(a.value) === JSON.stringify(b.value)) return a.implied === null ? a : b
  if (a.implied !== null && yields(a.value, b.value)) return b
  if (b.implied !== null && yields(b.value, a.value)) return a
  if (name === 'optimizer') {
    const [own, other] = a.from.kind === 'deepspeed' ? [a, b] : [b, a]
    if (own.from.kind === 'deepspeed' && other.from.kind !== 'deepspeed') {
      lines.push(
        `optimizer: ${String(own.value)} of ${own.from.file} replaces ${String(other.value)} of ${other.from.file}`,
      )
      return own
    }
  }
  throw contradiction(b.from.file, name, b.value, a.value, a.from.file)
}

/** Whether an implied value leaves room for a said one: autocast names the type of the products. */
function yields(implied: unknown, said: unknown): boolean {
  const isAutocast = typeof implied === 'string' && implied.startsWith('amp-')
  return !isAutocast || implied.slice('amp-'.length) === said
}

function contradiction(
  file: string,
  path: string,
  value: unknown,
  otherValue: unknown,
  otherFile: string,
): InputError {
  return new InputError({
    code: 'INVALID_VALUE',
    file,
    path,
    message: `${JSON.stringify(value)} contradicts ${JSON.stringify(otherValue)} in ${otherFile}; make them equal or leave one out`,
  })
}
