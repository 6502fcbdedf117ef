import { basename, dirname, resolve } from 'node:path'
import * as z from 'zod'
import { InputError } from '../core/errors'
import { cutDecoder, type DecoderModel } from '../core/plan/decoderModel'
import { executionProviders } from '../core/device'
import {
  checkpointings,
  defaultWorkload,
  methodNames,
  optimizerNames,
  PrecisionName,
  PresetName,
  presetNames,
  ProfileName,
  StepMode,
  Workload,
} from '../core/plan/workload'
import { resolveWorkload, usualBatchSize } from '../core/plan/workloadNetwork'
import { readModelAt } from '../profiler/modelFiles'

/** The flags of `headroom run` as they were typed. */
export interface WorkloadOptions {
  readonly preset?: string
  readonly model?: string
  readonly layers?: string
  readonly mode?: string
  readonly precision?: string
  readonly provider?: string
  readonly optimizer?: string
  readonly method?: string
  readonly rank?: string
  readonly accumulation?: string
  readonly checkpointing?: string
  readonly batch?: string
  readonly sequenceLength?: string
  readonly steps?: string
  readonly learningRate?: string
  readonly profile?: string
  readonly seed?: string
}

/** Values that each flag takes; help texts and refusals name the same ones. */
export const choices = {
  preset: presetNames,
  mode: StepMode.options,
  precision: PrecisionName.options,
  provider: ['auto', ...executionProviders],
  optimizer: optimizerNames,
  method: methodNames,
  checkpointing: checkpointings,
  profile: ProfileName.options,
} as const

/**
 * What is asked for, the rest by default.
 * @throws InputError that names the flag, the value and the values it takes
 */
export function readWorkload(
  options: WorkloadOptions,
  model: DecoderModel | null = null,
): Workload {
  const named = oneOf('preset', options.preset)
  const preset = PresetName.nullable().parse(named ?? (model ? null : defaultWorkload.preset))
  return resolveWorkload(
    Workload.parse({
      preset,
      model,
      modes: someOf('mode', options.mode) ?? defaultWorkload.modes,
      precisions: someOf('precision', options.precision) ?? defaultWorkload.precisions,
      provider: oneOf('provider', options.provider) ?? defaultWorkload.provider,
      optimizers: someOf('optimizer', options.optimizer) ?? defaultWorkload.optimizers,
      methods: someOf('method', options.method) ?? defaultWorkload.methods,
      adapterRank: wholeNumber('rank', options.rank, 'adapterRank') ?? defaultWorkload.adapterRank,
      gradientAccumulationSteps:
        wholeNumber('accumulation', options.accumulation, 'gradientAccumulationSteps') ?? 1,
      checkpointing: oneOf('checkpointing', options.checkpointing) ?? 'none',
      profile: oneOf('profile', options.profile) ?? defaultWorkload.profile,
      batchSize:
        wholeNumber('batch', options.batch, 'batchSize') ?? usualBatchSize({ preset, model }),
      sequenceLength:
        wholeNumber('sequence-length', options.sequenceLength, 'sequenceLength') ?? null,
      trainingSteps: wholeNumber('steps', options.steps, 'trainingSteps') ?? null,
      learningRate: positiveNumber('learning-rate', options.learningRate) ?? null,
      seed: wholeNumber('seed', options.seed, 'seed') ?? defaultWorkload.seed,
    }),
  )
}

type Flag = keyof typeof choices

function oneOf(flag: Flag, value: string | undefined): string | undefined {
  const allowed: readonly string[] = choices[flag]
  if (value === undefined || allowed.includes(value)) return value
  throw refusal(flag, value, `choose ${allowed.join(', ')}`)
}

function someOf(flag: Flag, value: string | undefined): string[] | undefined {
  if (value === undefined) return undefined
  const parts = value.split(',').map((part) => part.trim())
  for (const part of parts) oneOf(flag, part)
  return [...new Set(parts)]
}

function wholeNumber(
  flag: string,
  value: string | undefined,
  field:
    | 'batchSize'
    | 'seed'
    | 'sequenceLength'
    | 'trainingSteps'
    | 'adapterRank'
    | 'gradientAccumulationSteps',
): number | undefined {
  if (value === undefined) return undefined
  const shape = Workload.shape[field]
  const schema = shape instanceof z.ZodNullable ? shape.unwrap() : shape
  const number = /^\d+$/.test(value) ? Number(value) : Number.NaN
  if (schema.safeParse(number).success) return number
  throw refusal(flag, value, `give a whole number from ${schema.minValue} to ${schema.maxValue}`)
}

function positiveNumber(flag: string, value: string | undefined): number | undefined {
  if (value === undefined) return undefined
  const number = value.trim() === '' ? Number.NaN : Number(value)
  if (Workload.shape.learningRate.unwrap().safeParse(number).success) return number
  throw refusal(flag, value, 'give a number above 0, such as 0.001 or 1e-3')
}

function refusal(flag: string, value: string, wayOut: string): InputError {
  return new InputError({
    code: 'INVALID_VALUE',
    path: `--${flag}`,
    message: `"${value}" is not possible, ${wayOut}`,
  })
}

/**
 * The decoder of `--model` cut to `--layers`, or null where none is named.
 * @throws InputError that names the file or the flag
 */
export async function readDecoder({
  model,
  layers,
}: Pick<WorkloadOptions, 'model' | 'layers'>): Promise<DecoderModel | null> {
  if (model === undefined) {
    if (layers === undefined) return null
    throw refusal('layers', layers, 'it cuts a --model config.json')
  }
  const count = layers === undefined ? null : /^[1-9]\d{0,6}$/.test(layers) ? Number(layers) : 0
  if (count === 0) throw refusal('layers', layers!, 'give a whole number from 1')
  const { name, config } = await readModelAt(model)
  if (config === null || config === undefined) throw refusal('model', model, 'give a config.json')
  return cutDecoder(decoderName(name, model), config, count)
}

/** A folder is called as its model is; a config.json has its folder's name, any other file its own. */
function decoderName(name: string, path: string): string {
  return name === 'config.json' ? basename(dirname(resolve(path))) : basename(name, '.json')
}
