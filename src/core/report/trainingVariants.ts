import type { Step } from '../run/record'

type TrainedStep = Pick<Step, 'mode' | 'method' | 'optimizer'>

/**
 * Which way of training each step is: trainings of one method by one optimizer share a number, in the
 * order in which a run has them. What draws them gives each number a colour and a mark of its own, so
 * that fp32 by LoRA is not taken for fp32 in full. Inference is 0, as the first way of training is.
 */
export function trainingVariants(steps: readonly TrainedStep[]): (step: TrainedStep) => number {
  const ways = [...new Set(steps.filter(({ mode }) => mode === 'train').map(wayOf))]
  return (step) => (step.mode === 'train' ? Math.max(0, ways.indexOf(wayOf(step))) : 0)
}

function wayOf({ method, optimizer }: TrainedStep): string {
  return `${method ?? 'full'} ${optimizer ?? 'adamw'}`
}

/** So many ways of training are told apart by colour; the next ones begin again with another mark. */
export const variantHues = 6
/** Circle, square, triangle, diamond, and a square with round corners: coprime to the hues. */
export const variantMarks = 5
