import type { StepContext } from '../../src/core/estimate/forward/stepContext'
import type { TrainJob } from '../../src/core/estimate/job'
import { headOf, resolveModel } from '../../src/core/estimate/resolvedModel'
import { trainingContext } from '../../src/core/estimate/stepContextOf'
import type { Architecture, ModelHead } from '../../src/core/models/architecture'

export interface JobContext {
  readonly architecture: Architecture
  readonly head: ModelHead
  /** A context with a tape of its own, each time it is asked for. */
  readonly context: () => StepContext
}

/** What the simulation of a job's step starts from. */
export function stepContextOfJob(job: TrainJob): JobContext {
  const { architecture } = resolveModel(job)
  if (architecture === null) throw new Error('a job whose model has no shapes')
  const head = headOf(job, architecture)
  return { architecture, head, context: () => trainingContext(job, architecture, head) }
}
