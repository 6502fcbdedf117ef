import type { Workload } from '../../../core/plan/workload'

// What a person has entered, right or wrong: a wrong value stays in its field, with one line under it.
// The contract's own lists live in schemas, which are not part of the page; a test compares them.

export const presets = ['digits-mlp', 'digits-cnn', 'gpt-nano', 'gpt-mini', 'gpt-small'] as const

/** What each network takes where nobody says otherwise; images have no length and no count of steps. */
export const usualNumbers: Readonly<Record<(typeof presets)[number], UsualNumbers>> = {
  'digits-mlp': { batchSize: 64, sequenceLength: null, trainingSteps: null },
  'digits-cnn': { batchSize: 64, sequenceLength: null, trainingSteps: null },
  'gpt-nano': { batchSize: 16, sequenceLength: 64, trainingSteps: 200 },
  'gpt-mini': { batchSize: 16, sequenceLength: 256, trainingSteps: 200 },
  'gpt-small': { batchSize: 16, sequenceLength: 512, trainingSteps: 200 },
}

interface UsualNumbers {
  readonly batchSize: number
  readonly sequenceLength: number | null
  readonly trainingSteps: number | null
}

export const modes = ['infer', 'train'] as const
export const planPrecisions = ['fp32', 'fp16', 'bf16', 'int8'] as const
export const providers = ['auto', 'cpu', 'cuda', 'tensorrt', 'webgpu', 'dml', 'coreml'] as const
export const optimizers = ['sgd', 'momentum', 'adam', 'adamw', 'adamw-8bit'] as const
export const methods = ['full', 'lora', 'qlora', 'qlora-8bit'] as const
export const checkpointings = ['none', 'layer'] as const
export const profiles = ['quick', 'standard', 'audit'] as const

export const maxBatchSize = 1024
export const maxSequenceLength = 32_768
export const maxTrainingSteps = 100_000
export const maxAdapterRank = 1024
export const maxAccumulationSteps = 1024
export const maxSeed = 2 ** 31 - 1

/** A workload whose numbers are what stands in their fields. */
export interface Draft extends Omit<
  Workload,
  | 'preset'
  | 'model'
  | 'batchSize'
  | 'sequenceLength'
  | 'trainingSteps'
  | 'learningRate'
  | 'adapterRank'
  | 'gradientAccumulationSteps'
  | 'seed'
> {
  readonly preset: (typeof presets)[number]
  readonly batchSize: string
  /** Looked at only where the network takes tokens. */
  readonly sequenceLength: string
  readonly trainingSteps: string
  readonly adapterRank: string
  readonly gradientAccumulationSteps: string
  readonly seed: string
}

export type DraftField = keyof Draft

export const defaultDraft: Draft = {
  preset: 'digits-mlp',
  modes: ['infer', 'train'],
  precisions: ['fp32', 'fp16', 'int8'],
  batchSize: '64',
  sequenceLength: '',
  trainingSteps: '',
  provider: 'auto',
  optimizers: ['adamw'],
  methods: ['full'],
  adapterRank: '8',
  gradientAccumulationSteps: '1',
  checkpointing: 'none',
  profile: 'quick',
  seed: '0',
}

export type DraftProblem =
  | 'noMode'
  | 'noPrecision'
  | 'noOptimizer'
  | 'noMethod'
  | 'batchSize'
  | 'sequenceLength'
  | 'trainingSteps'
  | 'adapterRank'
  | 'gradientAccumulationSteps'
  | 'seed'

export type CheckedDraft =
  | { readonly workload: Workload; readonly problems: Readonly<Record<never, never>> }
  | {
      readonly workload: null
      readonly problems: Readonly<Partial<Record<DraftField, DraftProblem>>>
    }

/** The draft with another network, and the numbers that are usual with it. */
export function withPreset(draft: Draft, preset: Draft['preset']): Draft {
  const usual = usualNumbers[preset]
  return {
    ...draft,
    preset,
    batchSize: String(usual.batchSize),
    sequenceLength: String(usual.sequenceLength ?? ''),
    trainingSteps: String(usual.trainingSteps ?? ''),
  }
}

/** Whether the network takes tokens, and so has a sequence length and a count of steps. */
export function isTextDraft({ preset }: Pick<Draft, 'preset'>): boolean {
  return usualNumbers[preset].sequenceLength !== null
}

/** The workload that a draft means, or what is wrong with each field. */
export function checkDraft(draft: Draft): CheckedDraft {
  const batchSize = wholeNumber(draft.batchSize, 1, maxBatchSize)
  const isText = isTextDraft(draft)
  const sequenceLength = isText ? wholeNumber(draft.sequenceLength, 1, maxSequenceLength) : null
  const trainingSteps = isText ? wholeNumber(draft.trainingSteps, 1, maxTrainingSteps) : null
  const training = isText ? trainingNumbers(draft) : imageTraining
  const { adapterRank, gradientAccumulationSteps } = training
  const seed = wholeNumber(draft.seed, 0, maxSeed)
  const problems: Partial<Record<DraftField, DraftProblem>> = {
    ...(draft.modes.length === 0 && { modes: 'noMode' }),
    ...(draft.precisions.length === 0 && { precisions: 'noPrecision' }),
    ...(batchSize === null && { batchSize: 'batchSize' }),
    ...(isText && sequenceLength === null && { sequenceLength: 'sequenceLength' }),
    ...(isText && trainingSteps === null && { trainingSteps: 'trainingSteps' }),
    ...(draft.optimizers.length === 0 && { optimizers: 'noOptimizer' }),
    ...(training.methods.length === 0 && { methods: 'noMethod' }),
    ...(adapterRank === null && { adapterRank: 'adapterRank' }),
    ...(gradientAccumulationSteps === null && {
      gradientAccumulationSteps: 'gradientAccumulationSteps',
    }),
    ...(seed === null && { seed: 'seed' }),
  }
  if (
    batchSize === null ||
    adapterRank === null ||
    gradientAccumulationSteps === null ||
    seed === null ||
    Object.keys(problems).length > 0
  )
    return { workload: null, problems }
  return {
    // In the order of the lists, whatever the order of the clicks.
    workload: {
      ...draft,
      model: null,
      modes: modes.filter((mode) => draft.modes.includes(mode)),
      precisions: planPrecisions.filter((precision) => draft.precisions.includes(precision)),
      optimizers: optimizers.filter((name) => draft.optimizers.includes(name)),
      methods: methods.filter((name) => training.methods.includes(name)),
      checkpointing: training.checkpointing,
      adapterRank,
      gradientAccumulationSteps,
      batchSize,
      sequenceLength,
      trainingSteps,
      learningRate: null,
      seed,
    },
    problems: {},
  }
}

interface TrainingNumbers extends Pick<Workload, 'methods' | 'checkpointing'> {
  readonly adapterRank: number | null
  readonly gradientAccumulationSteps: number | null
}

/** Networks for images are trained whole, batch by batch. */
const imageTraining: TrainingNumbers = {
  methods: ['full'],
  checkpointing: 'none',
  adapterRank: 8,
  gradientAccumulationSteps: 1,
}

function trainingNumbers(draft: Draft): TrainingNumbers {
  return {
    methods: draft.methods,
    checkpointing: draft.checkpointing,
    adapterRank: hasAdapters(draft)
      ? wholeNumber(draft.adapterRank, 1, maxAdapterRank)
      : imageTraining.adapterRank,
    gradientAccumulationSteps: wholeNumber(
      draft.gradientAccumulationSteps,
      1,
      maxAccumulationSteps,
    ),
  }
}

/** Whether a rank is asked for. */
export function hasAdapters({ methods: chosen }: Pick<Draft, 'methods'>): boolean {
  return chosen.some((method) => method !== 'full')
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
  const preset = one(presets, given.preset, defaultDraft.preset)
  const usual = usualNumbers[preset]
  return {
    preset,
    modes: several(modes, given.modes, defaultDraft.modes),
    precisions: several(planPrecisions, given.precisions, defaultDraft.precisions),
    batchSize: text(given.batchSize, defaultDraft.batchSize),
    sequenceLength: text(given.sequenceLength, String(usual.sequenceLength ?? '')),
    trainingSteps: text(given.trainingSteps, String(usual.trainingSteps ?? '')),
    provider: one(providers, given.provider, defaultDraft.provider),
    optimizers: several(optimizers, given.optimizers, defaultDraft.optimizers),
    methods: several(methods, given.methods, defaultDraft.methods),
    adapterRank: text(given.adapterRank, defaultDraft.adapterRank),
    gradientAccumulationSteps: text(
      given.gradientAccumulationSteps,
      defaultDraft.gradientAccumulationSteps,
    ),
    checkpointing: one(checkpointings, given.checkpointing, defaultDraft.checkpointing),
    profile: one(profiles, given.profile, defaultDraft.profile),
    seed: text(given.seed, defaultDraft.seed),
  }
}
