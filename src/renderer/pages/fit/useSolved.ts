import { useDebouncedValue } from '@mantine/hooks'
import { useMemo } from 'react'
import type { Estimate } from '../../../core/estimate/estimate'
import { fitAnswer } from './fitAnswer'
import type { FitDraft } from './fitDraft'
import { chosenGpu, type FitGpu } from './fitGpus'
import { useFitModel } from './useFitModel'

/** A search for limits and reliefs takes as long as many frames: it begins when the sliders rest. */
const restMs = 200

export interface Solved {
  /** null where the model or the job is refused. */
  readonly estimate: Estimate | null
  /** What it is the answer to. */
  readonly draft: FitDraft
  /** Whether something else has been chosen since. */
  readonly isStale: boolean
}

/** The estimate with largest batch, longest sequence, reliefs and other calculators' answers. */
export function useSolved(draft: FitDraft, gpus: readonly FitGpu[]): Solved {
  const [resting] = useDebouncedValue(draft, restMs)
  const model = useFitModel(resting.model)
  const gpu = chosenGpu(gpus, resting.gpu)
  const estimate = useMemo(
    () =>
      model.status === 'ready'
        ? (fitAnswer(resting, model, gpu, true).explained?.estimate ?? null)
        : null,
    [resting, model, gpu],
  )
  const isStale = resting !== draft
  return useMemo(() => ({ estimate, draft: resting, isStale }), [estimate, resting, isStale])
}
