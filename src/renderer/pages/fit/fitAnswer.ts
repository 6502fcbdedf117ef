import { InputError } from '../../../core/errors'
import type { ExplainedEstimate } from '../../../core/estimate/estimate'
import { explainEstimate } from '../../../core/estimate/estimateMemory'
import type { Job } from '../../../core/estimate/job'
import type { FitDraft } from './fitDraft'
import type { FitGpu } from './fitGpus'
import { chosenMethod, jobOfDraft } from './jobOfDraft'
import type { ReadyModel } from './useFitModel'

export type FitAnswer =
  | { readonly job: Job; readonly explained: ExplainedEstimate; readonly problem: null }
  | { readonly job: null; readonly explained: null; readonly problem: string }

/** What the chosen model needs of the chosen GPU by the chosen method. */
export function fitAnswer(
  draft: FitDraft,
  { jobModel, resolved }: ReadyModel,
  { spec }: FitGpu,
): FitAnswer {
  try {
    const job = { ...jobOfDraft(draft, chosenMethod(draft), jobModel), gpu: spec.id }
    const explained = explainEstimate(job, { model: resolved, gpus: [spec] })
    return { job, explained, problem: null }
  } catch (error) {
    if (!(error instanceof InputError)) throw error
    return { job: null, explained: null, problem: error.toLine() }
  }
}
