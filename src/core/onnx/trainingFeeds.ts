import type { OptimizerSettings } from './optimizers'
import { defaultOptimizerSettings } from './optimizers'
import { type TrainingGraph, trainingPorts } from './trainingGraph'

/**
 * The scalars that step number `step` (from 1) is fed besides its batch and state.
 * @param lossScale used where the graph scales its loss
 */
export function stepScalars(
  { hasMoments, isScaled }: Pick<TrainingGraph, 'hasMoments' | 'isScaled'>,
  {
    step,
    learningRate,
    lossScale,
    settings = defaultOptimizerSettings,
  }: {
    readonly step: number
    readonly learningRate: number
    readonly lossScale: number
    readonly settings?: OptimizerSettings
  },
): Readonly<Record<string, number>> {
  return {
    [trainingPorts.learningRate]: learningRate,
    ...(hasMoments
      ? {
          [trainingPorts.inverseCorrection1]: 1 / (1 - settings.beta1 ** step),
          [trainingPorts.inverseRootCorrection2]: 1 / Math.sqrt(1 - settings.beta2 ** step),
        }
      : {}),
    ...(isScaled ? { [trainingPorts.lossScale]: lossScale } : {}),
  }
}
