import { InputError } from '../errors'
import type { GpuSpec } from '../gpus'
import type { Estimate } from './estimate'
import { estimateMemory } from './estimateMemory'
import { type GpuFit, judgeOnGpus } from './gpuFit'
import type { Job } from './job'
import type { BareWeights, ResolvedModel } from './resolvedModel'

export interface FitMatrixRow {
  readonly job: Job
  /** Without a GPU, so without verdict and time; null where the job cannot be estimated. */
  readonly estimate: Estimate | null
  /** Why it cannot be. */
  readonly error: InputError | null
  /** One for each GPU, in their order; null where its memory is not known or there is no estimate. */
  readonly fits: readonly (GpuFit | null)[]
}

/**
 * Every job on every GPU: one estimate per job, then a comparison per GPU. A job that cannot be
 * estimated (a model stored quantized, to be trained in full) keeps its row, with the reason.
 * `model` is that of jobs which name a file.
 */
export function fitMatrix(
  jobs: readonly Job[],
  gpus: readonly GpuSpec[],
  model: ResolvedModel | BareWeights | null = null,
): readonly FitMatrixRow[] {
  const answers = jobs.map((job) => answer({ ...job, gpu: null, solve: false }, model))
  const estimates = answers.map(({ estimate }) => estimate).filter((each) => each !== null)
  const judged = new Map(
    judgeOnGpus(estimates, gpus).map((fits, index) => [estimates[index], fits]),
  )
  const nowhere = gpus.map(() => null)
  return answers.map((each, index) => ({
    ...each,
    job: jobs[index]!,
    fits: (each.estimate && judged.get(each.estimate)) ?? nowhere,
  }))
}

function answer(
  job: Job,
  model: ResolvedModel | BareWeights | null,
): Pick<FitMatrixRow, 'estimate' | 'error'> {
  try {
    return { estimate: estimateMemory(job, model ? { model } : {}), error: null }
  } catch (error) {
    if (error instanceof InputError) return { estimate: null, error }
    throw error
  }
}
