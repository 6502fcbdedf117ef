import { type FitMethodId, fitMethodIds } from '../../../core/estimate/fitMethods'
import { maxJobBatchSize, maxJobSequenceLength } from '../../../core/estimate/job'

// What a person has chosen on the page, always complete: a wrong entry stays in its own field.

export type ModelChoice =
  /** A row of the built-in catalogue, by its id. */
  | { readonly type: 'catalogue'; readonly id: string }
  /** The text of a config.json that was dropped or pasted, and what its file was called. */
  | { readonly type: 'config'; readonly name: string; readonly text: string }
  /** A path on the host's disk. */
  | { readonly type: 'path'; readonly path: string }

export const fitPrecisions = ['bf16', 'fp16', 'fp32'] as const
export const fitOptimizers = [
  'adamw-fused',
  'adamw-foreach',
  'adamw-8bit',
  'paged-adamw-8bit',
  'adafactor',
  'lion',
  'momentum',
  'sgd',
] as const
export const fitCheckpointing = ['layer', 'none', 'offload'] as const
export const fitAttention = ['sdpa', 'flash', 'eager'] as const
export const fitShardings = ['none', 'zero1', 'zero2', 'zero3', 'pipeline'] as const
export const fitLosses = ['full', 'chunked'] as const
export const fitKvPrecisions = ['same', 'fp8', 'int8', 'int4'] as const
export const gpuGroups = [
  'common',
  'dataCentre',
  'workstation',
  'consumer',
  'amd',
  'apple',
  'all',
] as const
export const fitViews = ['methods', 'models'] as const

export interface FitDraft {
  readonly model: ModelChoice
  readonly method: FitMethodId
  readonly precision: (typeof fitPrecisions)[number]
  readonly optimizer: (typeof fitOptimizers)[number]
  readonly checkpointing: (typeof fitCheckpointing)[number]
  readonly attention: (typeof fitAttention)[number]
  readonly batchSize: number
  /** Tokens of a training sequence; in inference, of the prompt. */
  readonly sequenceLength: number
  /** Tokens of the answer, in inference. */
  readonly generatedLength: number
  readonly rank: number
  readonly gradientAccumulationSteps: number
  readonly loss: (typeof fitLosses)[number]
  readonly kvPrecision: (typeof fitKvPrecisions)[number]
  readonly gpuCount: number
  readonly sharding: (typeof fitShardings)[number]
  readonly gpu: string
  readonly gpuGroup: (typeof gpuGroups)[number]
  readonly view: (typeof fitViews)[number]
}

/** A question that many ask, and whose answer is not obvious. */
export const defaultFitDraft: FitDraft = {
  model: { type: 'catalogue', id: 'llama-3.1-8b' },
  method: 'lora',
  precision: 'bf16',
  optimizer: 'adamw-fused',
  checkpointing: 'layer',
  attention: 'sdpa',
  batchSize: 1,
  sequenceLength: 2048,
  generatedLength: 512,
  rank: 16,
  gradientAccumulationSteps: 1,
  loss: 'full',
  kvPrecision: 'same',
  gpuCount: 1,
  sharding: 'none',
  gpu: 'rtx-4090',
  gpuGroup: 'common',
  view: 'methods',
}

/** Bounds of what can be entered: those of a Job. */
export const fitLimits = {
  batchSize: [1, maxJobBatchSize],
  sequenceLength: [1, maxJobSequenceLength],
  generatedLength: [0, maxJobSequenceLength],
  rank: [1, 4096],
  gradientAccumulationSteps: [1, 65_536],
  gpuCount: [1, 1024],
} as const
export type FitNumber = keyof typeof fitLimits

/** A config.json of this many characters is no configuration. */
export const maxConfigLength = 4 * 1024 * 1024

/** What was kept from the last visit, with the default for each field that is missing or unknown. */
export function restoreFitDraft(stored: unknown): FitDraft {
  if (typeof stored !== 'object' || stored === null) return defaultFitDraft
  const given = stored as Readonly<Record<string, unknown>>
  const one = <K extends keyof FitDraft, T extends FitDraft[K]>(
    name: K,
    known: readonly T[],
  ): FitDraft[K] => known.find((each) => each === given[name]) ?? defaultFitDraft[name]
  const whole = (name: FitNumber): number => {
    const value = given[name]
    const [min, max] = fitLimits[name]
    const isGood = typeof value === 'number' && Number.isInteger(value)
    return isGood && value >= min && value <= max ? value : defaultFitDraft[name]
  }
  return {
    model: restoreModel(given.model) ?? defaultFitDraft.model,
    method: one('method', fitMethodIds),
    precision: one('precision', fitPrecisions),
    optimizer: one('optimizer', fitOptimizers),
    checkpointing: one('checkpointing', fitCheckpointing),
    attention: one('attention', fitAttention),
    batchSize: whole('batchSize'),
    sequenceLength: whole('sequenceLength'),
    generatedLength: whole('generatedLength'),
    rank: whole('rank'),
    gradientAccumulationSteps: whole('gradientAccumulationSteps'),
    loss: one('loss', fitLosses),
    kvPrecision: one('kvPrecision', fitKvPrecisions),
    gpuCount: whole('gpuCount'),
    sharding: one('sharding', fitShardings),
    gpu: typeof given.gpu === 'string' ? given.gpu : defaultFitDraft.gpu,
    gpuGroup: one('gpuGroup', gpuGroups),
    view: one('view', fitViews),
  }
}

function restoreModel(stored: unknown): ModelChoice | null {
  if (typeof stored !== 'object' || stored === null) return null
  const { type, id, name, text, path } = stored as Readonly<Record<string, unknown>>
  if (type === 'catalogue' && typeof id === 'string') return { type, id }
  if (type === 'path' && typeof path === 'string') return { type, path }
  if (type === 'config' && typeof name === 'string' && typeof text === 'string') {
    return { type, name, text }
  }
  return null
}
