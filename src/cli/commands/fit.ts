import { builtInGpus } from '../../core/builtInGpus'
import { InputError } from '../../core/errors'
import {
  type FitMethodId,
  fitMethodId,
  fitMethodIds,
  fitMethods,
  jobOfMethod,
} from '../../core/estimate/fitMethods'
import { fitReport } from '../../core/estimate/fitReport'
import type { Job } from '../../core/estimate/job'
import { type ChosenModel, chooseModel } from '../chosenModel'
import { exitCodes, type ExitCode } from '../exitCodes'
import { readFitGpus } from '../fitGpus'
import {
  fitFlags,
  flagName,
  type JobFields,
  type JobFlag,
  namingFlags,
  optionName,
  type RawOptions,
  readJobFlags,
} from '../jobOptions'
import { fullCount, listOf } from '../optionValues'
import { printJson } from '../printJson'
import type { Terminal } from '../terminal'
import { fitText } from '../text/fitText'

export interface FitOptions extends RawOptions {
  readonly model?: string
  readonly gpu?: string
  readonly method?: string
  readonly batch?: string
  readonly sequenceLength?: string
  readonly json?: boolean
}

/** As recipes for tuning language models have it. */
export const usualFitShape = { batchSize: 1, sequenceLength: 2048 }

/** One model by every method on every GPU: yes where one combination fits, no where none does. */
export async function fit({ out }: Terminal, options: FitOptions): Promise<ExitCode> {
  if (options.model === undefined) {
    throw new InputError({
      code: 'MISSING_FIELD',
      path: '--model',
      message: 'is missing: give a config.json, a model folder or file, or a name of the catalogue',
    })
  }
  const ids =
    options.method === undefined
      ? fitMethodIds
      : listOf('--method', options.method).map((id) => fitMethodId(id, '--method'))
  const shape = {
    batchSize: countOf(options, 'batch') ?? usualFitShape.batchSize,
    sequenceLength: countOf(options, 'sequenceLength') ?? usualFitShape.sequenceLength,
  }
  refuseUnused(options, ids)
  const model = await chooseModel(options.model)
  const { gpus, localIds } = await namingGpu(() => readFitGpus(options.gpu))
  const report = fitReport({
    label: model.label,
    methods: ids.map((id) => ({ id, job: jobFor(id, model, shape, options) })),
    gpus,
    localGpuIds: localIds,
    // Estimates are of CUDA's runtime: what shares the host's memory is no card to rent.
    allGpus: builtInGpus.filter(({ unifiedMemory }) => !unifiedMemory),
    model: model.resolved,
    ...shape,
  })
  if (options.json) printJson(out, report)
  else out.line(fitText(report, out))
  const verdicts = report.rows.flatMap(({ cells }) => cells.map(({ verdict }) => verdict))
  if (verdicts.includes('fits')) return exitCodes.ok
  return verdicts.includes('tooCloseToCall') ? exitCodes.tooClose : exitCodes.no
}

function countOf(options: FitOptions, name: 'batch' | 'sequenceLength'): number | null {
  const flag = name === 'batch' ? '--batch' : '--sequence-length'
  const value = options[name]
  return value === undefined ? null : fullCount(flag, value)
}

function appliesTo(flag: JobFlag, id: FitMethodId): boolean {
  const { task, job } = fitMethods[id]
  const isOfAdapters = flag.field.startsWith('method.')
  return (flag.task === null || flag.task === task) && (!isOfAdapters || 'method' in job)
}

/** A flag that changes no row would be ignored in silence. */
function refuseUnused(options: FitOptions, ids: readonly FitMethodId[]): void {
  const unused = fitFlags.find(
    (flag) => options[optionName(flag)] !== undefined && !ids.some((id) => appliesTo(flag, id)),
  )
  if (!unused) return
  throw new InputError({
    code: 'UNSUPPORTED',
    path: flagName(unused),
    message: `has no meaning for ${ids.join(', ')}; leave it out`,
  })
}

function jobFor(
  id: FitMethodId,
  model: ChosenModel,
  shape: typeof usualFitShape,
  options: FitOptions,
): Job {
  const { task, job } = fitMethods[id]
  const flags = fitFlags.filter((flag) => appliesTo(flag, id))
  const changes = readJobFlags(options, task, flags)
  if (changes.method && 'method' in job) {
    changes.method = { ...job.method, ...(changes.method as JobFields) }
  }
  return namingFlags(
    task,
    () => null,
    () => jobOfMethod(id, model.model, shape, changes),
  )
}

async function namingGpu<T>(read: () => Promise<T>): Promise<T> {
  try {
    return await read()
  } catch (error) {
    if (!(error instanceof InputError) || error.path !== 'gpu') throw error
    throw new InputError({ code: error.code, path: '--gpu', message: error.message })
  }
}
