import type { OptimizerName } from './workload'

/** How the digit networks are trained. */
export interface TrainingDefaults {
  readonly epochs: number
  /** Falls linearly from here to 0 over all steps. */
  readonly learningRate: number
}

/** The rate at which batches of 64 learn well with each optimizer. */
const learningRates: Readonly<Record<OptimizerName, number>> = {
  sgd: 0.2,
  momentum: 0.03,
  adam: 0.003,
  adamw: 0.003,
}

const epochs = 30

export function trainingDefaults(optimizer: OptimizerName): TrainingDefaults {
  return { epochs, learningRate: learningRates[optimizer] }
}

/** The rate of step `step` (from 0) of `stepCount`. */
export function scheduledRate(learningRate: number, step: number, stepCount: number): number {
  return learningRate * (1 - step / stepCount)
}
