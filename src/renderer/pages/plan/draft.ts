import type { Workload } from '../../../core/plan/workload'

// What a person has entered, right or wrong: a wrong value stays in its field, with one line under it.
// The contract's own lists live in schemas, which are not part of the page; a test compares them.

export const presets = ['digits-mlp', 'digits-cnn'] as const
export const modes = ['infer', 'train'] as const
export const planPrecisions = ['fp32', 'fp16', 'bf16', 'int8'] as const
export const providers = ['auto', 'cpu', 'cuda', 'tensorrt', 'webgpu', 'dml', 'coreml'] as const
export const optimizers = ['sgd', 'momentum', 'adam', 'adamw'] as const
export const profiles = ['quick', 'standard', 'audit'] as const

export const maxBatchSize = 1024
export const maxSeed = 2 ** 31 - 1

/** A workload whose numbers are what stands in their fields. */
export interface Draft extends Omit<Workload, 'batchSize' | 'seed'> {
  readonly batchSize: string
  readonly seed: string
}

export type DraftField = keyof Draft

export const defaultDraft: Draft = {
  preset: 'digits-mlp',
  modes: ['infer', 'train'],
  precisions: ['fp32', 'fp16', 'int8'],
  batchSize: '64',
  provider: 'auto',
  optimizer: 'adamw',
  profile: 'quick',
  seed: '0',
}

export type DraftProblem = 'noMode' | 'noPrecision' | 'batchSize' | 'seed'

export type CheckedDraft =
  | { readonly workload: Workload; readonly problems: Readonly<Record<never, never>> }
  | {
      readonly workload: null
      readonly problems: Readonly<Partial<Record<DraftField, DraftProblem>>>
    }

/** The workload that a draft means, or what is wrong with each field. */
export function checkDraft(draft: Draft): CheckedDraft {
  const batchSize = wholeNumber(draft.batchSize, 1, maxBatchSize)
  const seed = wholeNumber(draft.seed, 0, maxSeed)
  const problems: Partial<Record<DraftField, DraftProblem>> = {
    ...(draft.modes.length === 0 && { modes: 'noMode' }),
    ...(draft.precisions.length === 0 && { precisions: 'noPrecision' }),
    ...(batchSize === null && { batchSize: 'batchSize' }),
    ...(seed === null && { seed: 'seed' }),
  }
  if (batchSize === null || seed === null || Object.keys(problems).length > 0)
    return { workload: null, problems }
  return {
    // In the order of the lists, whatever the order of the clicks.
    workload: {
      ...draft,
      modes: modes.filter((mode) => draft.modes.includes(mode)),
      precisions: planPrecisions.filter((precision) => draft.precisions.includes(precision)),
      batchSize,
      seed,
    },
    problems: {},
  }
}

function wholeNumber(text: string, min: number, max: number): number | null {
  const value = /^\s*\d+\s*$/.test(text) ? Number(text) : Number.NaN
  return value >= min && value <= max ? value : null
}

/** What was kept from the last visit, with the default for each field that is missing or unknown. */
export function restoreDraft(stored: unknown): Draft {
  if (typeof stored !== 'object' || stored === null) return defaultDraft
  const given = stored as Readonly<Record<string, unknown>>
  const one = <T extends string>(list: readonly T[], value: unknown, otherwise: T): T =>
    list.find((known) => known === value) ?? otherwise
  const several = <T extends string>(list: readonly T[], values: unknown, otherwise: T[]): T[] =>
    Array.isArray(values) ? list.filter((known) => values.includes(known)) : otherwise
  const text = (value: unknown, otherwise: string) =>
    typeof value === 'string' ? value : otherwise
  return {
    preset: one(presets, given.preset, defaultDraft.preset),
    modes: several(modes, given.modes, defaultDraft.modes),
    precisions: several(planPrecisions, given.precisions, defaultDraft.precisions),
    batchSize: text(given.batchSize, defaultDraft.batchSize),
    provider: one(providers, given.provider, defaultDraft.provider),
    optimizer: one(optimizers, given.optimizer, defaultDraft.optimizer),
    profile: one(profiles, given.profile, defaultDraft.profile),
    seed: text(given.seed, defaultDraft.seed),
  }
}
