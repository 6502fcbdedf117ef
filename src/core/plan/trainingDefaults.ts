import type { WorkloadOptimizer } from './workload'

/** How the digit networks are trained. */
export interface TrainingDefaults {
  readonly epochs: number
  /** Falls linearly from here to 0 over all steps. */
  readonly learningRate: number
}

/** The rate at which batches of 64 learn well with each optimizer. */
const learningRates: Readonly<Record<WorkloadOptimizer, number>> = {
  sgd: 0.2,
  momentum: 0.03,
  adam: 0.003,
  adamw: 0.003,
  'adamw-8bit': 0.003,
}

/** Of every training on images. */
export const epochCount = 30

export function trainingDefaults(optimizer: WorkloadOptimizer): TrainingDefaults {
  return { epochs: epochCount, learningRate: learningRates[optimizer] }
}

/** The rate of step `step` (from 0) of `stepCount`. */
export function scheduledRate(learningRate: number, step: number, stepCount: number): number {
  return learningRate * (1 - step / stepCount)
}

/** The rate at which decoders over bytes learn well in batches of a thousand tokens and more. */
const textLearningRates: Readonly<Record<WorkloadOptimizer, number>> = {
  sgd: 0.3,
  momentum: 0.03,
  adam: 0.004,
  adamw: 0.004,
  'adamw-8bit': 0.004,
}

/** Wider networks want smaller steps, in inverse proportion (Yang et al. 2022, table 3: Adam). */
const usualWidth = 128

/** Share of the steps in which the rate rises to what it is then. */
const warmupShare = 0.1

/** The highest rate of a training on text. */
export function textLearningRate(hiddenSize: number, optimizer: WorkloadOptimizer): number {
  return textLearningRates[optimizer] * Math.min(1, usualWidth / hiddenSize)
}

/** Of the highest rate: rises linearly over the first tenth of the steps, then falls to 0; `step` from 0. */
export function textRateShare(step: number, stepCount: number): number {
  const warmupSteps = Math.max(1, Math.round(warmupShare * stepCount))
  if (step < warmupSteps) return (step + 1) / warmupSteps
  return (stepCount - step) / Math.max(1, stepCount - warmupSteps)
}

/** How many optimizer steps lie between two looks at the validation split: ten looks, or fewer. */
export function validationPeriod(stepCount: number): number {
  return Math.max(1, Math.ceil(stepCount / 10))
}
