import { assertNever } from '../../../core/errors'
import type { RunState } from '../../../core/run/applyRunEvent'
import type { RunRecord, Step } from '../../../core/run/record'

/** The page's answer: what happens now, or how it ended. */
export type RunVerdict =
  | { readonly type: 'starting' }
  | {
      readonly type: 'running'
      readonly step: Step
      /** From 1, among those that can run. */
      readonly number: number
      readonly of: number
    }
  | {
      readonly type: 'completed' | 'partial' | 'cancelled' | 'failed'
      readonly completedCount: number
      readonly of: number
      /** From the first step's beginning to the last one's end. */
      readonly durationMs: number | null
      /** The first step that failed, with its reason. */
      readonly failed: Step | null
    }

/** Whether a step was ever going to run. */
export function isPlannedToRun({ outcome }: Step): boolean {
  return outcome !== 'skipped' && outcome !== 'unsupported'
}

const notFailed: readonly Step['outcome'][] = [
  'planned',
  'running',
  'completed',
  'cancelled',
  'skipped',
  'unsupported',
]

export function runVerdict({ record }: RunState): RunVerdict {
  const toRun = record.steps.filter(isPlannedToRun)
  const { outcome } = record
  switch (outcome) {
    case 'running': {
      const index = toRun.findIndex((step) => step.outcome === 'running')
      const step = toRun[index]
      if (!step) return { type: 'starting' }
      return { type: 'running', step, number: index + 1, of: toRun.length }
    }
    case 'completed':
    case 'partial':
    case 'cancelled':
    case 'failed':
      return {
        type: outcome,
        completedCount: toRun.filter((step) => step.outcome === 'completed').length,
        of: toRun.length,
        durationMs: runDurationMs(record),
        failed: toRun.find((step) => !notFailed.includes(step.outcome)) ?? null,
      }
    default:
      return assertNever(outcome)
  }
}

/** From the first step's beginning to the last one's end; null where no step began. */
export function runDurationMs({ steps }: Pick<RunRecord, 'steps'>): number | null {
  const started = steps.flatMap(({ startedMs }) => startedMs ?? [])
  const ended = steps.flatMap(({ endedMs }) => endedMs ?? [])
  return started.length > 0 && ended.length > 0 ? Math.max(...ended) - Math.min(...started) : null
}

/** 0 to 1 over the run, every step that can run counting the same. */
export function runFraction({ record, live }: RunState): number {
  const toRun = record.steps.filter(isPlannedToRun)
  if (toRun.length === 0) return 1
  const ended = toRun.filter(({ outcome }) => outcome !== 'planned' && outcome !== 'running').length
  return Math.min(1, (ended + (live?.fraction ?? 0)) / toRun.length)
}
