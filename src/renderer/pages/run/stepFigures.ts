import type { Step } from '../../../core/run/record'

/** Enough to be steady, few enough to be of now. */
const recentCount = 50

/** Median of the last samples in ms, for a step that is still being measured; null without samples. */
export function recentMedian({ latencySamplesMs }: Pick<Step, 'latencySamplesMs'>): number | null {
  const recent = latencySamplesMs.slice(-recentCount).sort((a, b) => a - b)
  return recent[Math.floor(recent.length / 2)] ?? null
}

/** Fraction of the test set answered rightly: of the step, else of the epoch it is at. */
export function testAccuracy({ accuracy, epochs }: Step): number | null {
  return accuracy?.top1 ?? epochs.at(-1)?.testAccuracy ?? null
}
