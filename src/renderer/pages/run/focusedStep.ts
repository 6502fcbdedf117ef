import type { RunRecord } from '../../../core/run/record'

/** Index of the step to look at: the chosen one, else the running one, else the last that was timed. */
export function focusedStep({ steps }: Pick<RunRecord, 'steps'>, chosen: number | null): number {
  if (chosen !== null && steps[chosen]) return chosen
  const running = steps.findIndex(({ outcome }) => outcome === 'running')
  if (running >= 0) return running
  const timed = steps.findLastIndex(({ latencySamplesMs }) => latencySamplesMs.length > 0)
  return Math.max(0, timed)
}
