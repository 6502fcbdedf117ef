import type { EngineEvent, StepRequest } from '../protocol/engineContract'
import { measureLatency } from './measure'
import { measureOptions } from './measureOptions'
import { measurePeak } from './measurePeak'
import type { Trainer, TrainingBatch } from './trainer'

// What training on images and on text have in common.

/** What the loss scaler of fp16-mixed met. */
export function lossScalingUpdate({ lossScaler, underflowedElements }: Trainer): EngineEvent {
  const { overflowSteps, scale } = lossScaler
  return {
    type: 'update',
    update: { lossScaling: { overflowSteps, underflowedElements, finalScale: scale } },
  }
}

/** Times the step that was trained with. */
export async function* timeTraining(
  trainer: Trainer,
  batch: TrainingBatch,
  request: StepRequest,
): AsyncGenerator<EngineEvent> {
  if (request.processIndex === 0) yield* measurePeak(request)
  // At a rate of 0 the weights stay what they are, and the step does all its work.
  yield* measureLatency(() => trainer.step(batch, 0), measureOptions(request))
  await trainer.release()
}
