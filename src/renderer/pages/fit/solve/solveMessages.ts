import type { Estimate } from '../../../../core/estimate/estimate'
import type { EstimateContext } from '../../../../core/estimate/estimateMemory'
import type { Job } from '../../../../core/estimate/job'

// Between the page and the thread that turns its question round.

export interface SolveRequest {
  readonly job: Job
  readonly context: Required<Pick<EstimateContext, 'model' | 'gpus'>>
}

export interface SolveAnswer {
  /** null where the job is refused; the page itself has said why. */
  readonly estimate: Estimate | null
}
