import { InputError } from '../core/errors'
import { type Job, parseJob } from '../core/estimate/job'
import { mergeTrainingFiles, type TrainingFile } from '../core/models/mergeTrainingFiles'
import type { JobFragment } from '../core/models/trainingFields'
import { readTrainingFile } from '../profiler/trainingFiles'
import { baseModel, type ChosenModel, chooseModel } from './chosenModel'
import {
  type JobFields,
  namingFlags,
  type RawOptions,
  readJobFlags,
  withImpliedTypes,
} from './jobOptions'
import { impossible } from './optionValues'

/** What flags and files ask for, but for what each command adds: precision, method, GPU. */
export interface JobRequest {
  readonly model: ChosenModel
  readonly task: Job['task']
  /** The job with `fields` on top of what files and flags say. Throws InputError by flag or file. */
  readonly job: (fields?: JobFields) => Job
  /** Gives the errors of an estimate the flag, or the file, that set the field. */
  readonly naming: <T>(read: () => T) => T
  /** Fields that files or flags set. */
  readonly fields: JobFields
  /** What files said, left open, or lost to a flag: shown with the estimate. */
  readonly assumptions: readonly string[]
}

export interface RequestOptions extends RawOptions {
  readonly model?: string
  readonly config?: readonly string[]
  readonly task?: string
}

/** Throws InputError that names the flag, or the file and its field. */
export async function readJobRequest(options: RequestOptions): Promise<JobRequest> {
  const files = await Promise.all((options.config ?? []).map(readTrainingFile))
  const merged = files.length > 0 ? mergeTrainingFiles(files) : null
  const model = await modelOf(options, files, merged)
  const task = taskOf(options, files, model)
  const flags = readJobFlags(options, task)
  const fromFiles = (merged?.job ?? {}) as JobFields
  const fields = withImpliedTypes({ ...fromFiles, ...joined(fromFiles, flags) })
  const fileOf = (field: string): string | null =>
    flags[field] === undefined
      ? (files.find(({ fragment }) => Object.hasOwn(fragment.job, field))?.file ?? null)
      : null
  return {
    model,
    task,
    fields,
    naming: (read) => namingFlags(task, fileOf, read),
    job: (more = {}) =>
      namingFlags(
        task,
        (field) => (more[field] === undefined ? fileOf(field) : null),
        () => parseJob({ ...fields, ...more, task, model: model.model }),
      ),
    assumptions: merged ? [...fileLines(files, merged, flags), defaultsLine(fields)] : [],
  }
}

async function modelOf(
  { model }: RequestOptions,
  files: readonly TrainingFile[],
  merged: JobFragment | null,
): Promise<ChosenModel> {
  if (model !== undefined) return chooseModel(model)
  const named = files.find(({ fragment }) => fragment.baseModel !== null)
  if (merged?.baseModel && named) return baseModel(merged.baseModel, named.file)
  throw new InputError({
    code: 'MISSING_FIELD',
    path: '--model',
    message: 'is missing: give a config.json, a model folder or file, or a name of the catalogue',
  })
}

/** Weights that cannot be trained as they are stored are asked about for inference. */
function taskOf(
  { task, method, rank }: RequestOptions,
  files: readonly TrainingFile[],
  { resolved }: ChosenModel,
): Job['task'] {
  if (task !== undefined && task !== 'train' && task !== 'infer') {
    throw impossible('--task', task, 'choose train, infer')
  }
  const [file] = files
  if (task === 'infer' && file) {
    throw new InputError({
      code: 'INVALID_VALUE',
      path: '--task',
      message: `infer contradicts ${file.file}, which is about training; leave one out`,
    })
  }
  if (task !== undefined) return task
  const stored = resolved.architecture?.storedQuantization ?? null
  const isFrozen = resolved.architecture === null || (stored !== null && stored.scheme !== 'fp8')
  const isTrained = files.length > 0 || method !== undefined || rank !== undefined
  return isFrozen && !isTrained ? 'infer' : 'train'
}

/** Nested fields are joined one by one, unless the flag names another method or scheme. */
function joined(fromFiles: JobFields, flags: JobFields): JobFields {
  const fields: JobFields = { ...flags }
  for (const [outer, tag] of [
    ['method', 'type'],
    ['quantization', 'scheme'],
  ] as const) {
    const above = flags[outer] as JobFields | undefined
    const below = fromFiles[outer] as JobFields | undefined
    if (!above || !below) continue
    const isOther = above[tag] !== undefined && above[tag] !== below[tag]
    fields[outer] = isOther ? above : { ...below, ...above }
  }
  return fields
}

function fileLines(
  files: readonly TrainingFile[],
  merged: JobFragment,
  flags: JobFields,
): readonly string[] {
  const said = files.map(({ file, fragment }) => {
    const names = Object.keys(fragment.job).filter((name) => name !== 'task')
    return `from ${file}: ${names.length > 0 ? names.join(', ') : 'nothing that changes memory'}`
  })
  const overruled = Object.keys(flags).filter((name) => Object.hasOwn(merged.job, name))
  const implied = [...merged.implied].filter(([name]) => flags[name] === undefined)
  return [
    ...said,
    ...merged.assumptions,
    ...implied.map(([, line]) => line),
    ...(overruled.length > 0
      ? [`flags replace what the files say of ${overruled.join(', ')}`]
      : []),
  ]
}

/** What changes memory most, and its default. */
const defaults: Readonly<Record<string, string>> = {
  method: 'full',
  precision: 'bf16',
  optimizer: 'adamw-fused',
  batchSize: '1',
  sequenceLength: '512',
  gradientAccumulationSteps: '1',
  checkpointing: 'none',
  attention: 'sdpa',
  sharding: 'none',
}

function defaultsLine(fields: JobFields): string {
  const open = Object.entries(defaults).filter(([name]) => fields[name] === undefined)
  return `said by nobody, so as usual: ${open.map(([name, value]) => `${name} ${value}`).join(', ')}`
}
