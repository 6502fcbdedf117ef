import type { EngineEvent, StepRequest } from '../protocol/engineContract'
import { explainFailure } from './failure'
import { chosenNetwork } from '../core/plan/workloadNetwork'
import { inferImages } from './inferImages'
import { inferText } from './inferText'
import { trainImages } from './trainImages'
import { trainText } from './trainText'

/** One step from loading to its last figure. Whatever ONNX Runtime throws is an outcome, not an error. */
export async function* runStep(request: StepRequest): AsyncGenerator<EngineEvent> {
  try {
    yield* steps(request)
  } catch (error) {
    yield { type: 'ended', update: explainFailure(error, request.provider) }
  }
}

function steps(request: StepRequest): AsyncGenerator<EngineEvent> {
  const { mode } = request
  const chosen = chosenNetwork(request)
  if (chosen.type === 'text') return mode === 'infer' ? inferText(request) : trainText(request)
  const { preset } = chosen
  return mode === 'infer' ? inferImages(request, preset) : trainImages(request, preset)
}
