import type { EngineEvent, StepRequest } from '../protocol/engineContract'
import { explainFailure } from './failure'
import { isTextPreset } from '../core/plan/workload'
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
  const { mode, preset } = request
  if (isTextPreset(preset)) {
    return mode === 'infer' ? inferText(request, preset) : trainText(request, preset)
  }
  return mode === 'infer' ? inferImages(request, preset) : trainImages(request, preset)
}
