/** Names of what a run of a training graph is fed and gives besides its state. */
export const trainingPorts = {
  /** [stepCount · accumulationSteps · batchSize, ...inputShape]. */
  input: 'input',
  /** int32 [stepCount · accumulationSteps · batchSize · rowsPerSample]. */
  labels: 'labels',
  /** [stepCount]. */
  learningRate: 'learningRate',
  /** [1]: 1 − β₁ᵗ of the t steps taken before this run. */
  correction1: 'correction1',
  /** [1]: 1 − β₂ᵗ. */
  correction2: 'correction2',
  /** [1]. */
  lossScale: 'lossScale',
  /** [stepCount], each the mean over its batch, unscaled. */
  loss: 'loss',
  /** [stepCount]: 1 where every gradient is finite; else 0, and the step left the state unchanged. */
  isFinite: 'isFinite',
  /** [stepCount]: elements of the logits' gradient that were not 0 in fp32 and are 0 in fp16. */
  underflowed: 'underflowed',
} as const
