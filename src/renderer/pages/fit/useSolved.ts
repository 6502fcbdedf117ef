import { useEffect, useMemo, useState } from 'react'
import { InputError } from '../../../core/errors'
import type { Estimate } from '../../../core/estimate/estimate'
import type { FitDraft } from './fitDraft'
import { chosenGpu, type FitGpu } from './fitGpus'
import { chosenMethod, jobOfDraft } from './jobOfDraft'
import type { SolveRequest } from './solve/solveMessages'
import { createSolver } from './solve/solver'
import { type ReadyModel, useFitModel } from './useFitModel'

const solver = createSolver(
  () => new Worker(new URL('./solve/solveWorker.ts', import.meta.url), { type: 'module' }),
)

export interface Solved {
  /** null where the model or the job is refused, and before the first answer. */
  readonly estimate: Estimate | null
  /** What it is the answer to. */
  readonly draft: FitDraft
  /** Whether something else has been chosen since, or nothing has been answered yet. */
  readonly isStale: boolean
}

/**
 * The estimate with largest batch, longest sequence, reliefs and other calculators' answers: searched
 * beside the page for where the sliders rest.
 */
export function useSolved(draft: FitDraft, resting: FitDraft, gpus: readonly FitGpu[]): Solved {
  const model = useFitModel(resting.model)
  const gpu = chosenGpu(gpus, resting.gpu)
  const request = useMemo(
    () => (model.status === 'ready' ? requestOf(resting, model, gpu) : null),
    [resting, model, gpu],
  )
  const [last, setLast] = useState<Answered | null>(null)
  useEffect(() => {
    if (request === null) return
    return solver.solve(request, {
      onAnswer: ({ estimate }) => setLast({ estimate, draft: resting, request }),
      onError: (error) =>
        setLast(() => {
          throw error // a bug of ours: the page says so
        }),
    })
  }, [request, resting])
  return useMemo(() => {
    if (request === null) return { estimate: null, draft: resting, isStale: resting !== draft }
    const isStale = last?.request !== request || resting !== draft
    return { estimate: last?.estimate ?? null, draft: last?.draft ?? resting, isStale }
  }, [last, request, resting, draft])
}

interface Answered {
  readonly estimate: Estimate | null
  readonly draft: FitDraft
  readonly request: SolveRequest
}

/** null where the fields contradict each other, which the page's own answer says. */
function requestOf(
  draft: FitDraft,
  { jobModel, resolved }: ReadyModel,
  { spec }: FitGpu,
): SolveRequest | null {
  try {
    const job = jobOfDraft(draft, chosenMethod(draft), jobModel)
    return { job: { ...job, gpu: spec.id }, context: { model: resolved, gpus: [spec] } }
  } catch (error) {
    if (!(error instanceof InputError)) throw error
    return null
  }
}
