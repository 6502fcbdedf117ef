import { InputError } from '../core/errors'
import type { TrainingPrecision } from '../core/onnx/trainingOptions'
import type { EngineEvent, StepRequest } from '../protocol/engineContract'
import { measureLatency } from './measure'
import { measureOptions } from './measureOptions'
import { measurePeak } from './measurePeak'
import type { Trainer, TrainingBatch } from './trainer'

// What training on images and on text have in common.

/** The arithmetic that a precision means in training. Throws InputError where there is none. */
export function trainingPrecision(precision: StepRequest['precision']): TrainingPrecision {
  if (precision === 'fp32') return 'fp32'
  if (precision === 'fp16') return 'fp16-mixed'
  throw new InputError({
    code: 'UNSUPPORTED',
    path: 'precisions',
    message: `there is no training in ${precision}; take fp32 or fp16`,
  })
}

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
