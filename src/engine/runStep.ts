import type { EngineEvent, StepRequest } from '../protocol/engineContract'
import { explainFailure } from './failure'
import { inferStep } from './inferStep'
import { trainStep } from './trainStep'

/** One step from loading to its last figure. Whatever ONNX Runtime throws is an outcome, not an error. */
export async function* runStep(request: StepRequest): AsyncGenerator<EngineEvent> {
  try {
    yield* request.mode === 'infer' ? inferStep(request) : trainStep(request)
  } catch (error) {
    yield { type: 'ended', update: explainFailure(error, request.provider) }
  }
}
