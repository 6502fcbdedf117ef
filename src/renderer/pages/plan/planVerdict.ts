import type { Plan } from '../../../core/plan/plan'
import type { Step } from '../../../core/run/record'

type PlannedStep = Plan['steps'][number]

export type PlanVerdictType =
  'fits' | 'doesNotFit' | 'tooCloseToCall' | 'unknownMemory' | 'nothingToRun'

/** The page's answer: whether what was asked for fits. */
export interface PlanVerdict {
  readonly type: PlanVerdictType
  /** How many steps can run at all. */
  readonly runnableCount: number
  readonly skippedCount: number
  /** How many of the runnable have the verdict's type. */
  readonly count: number
  /** The step that needs most, of those that can run. */
  readonly largest: Step | null
  readonly usableBytes: number | null
}

export function planVerdict({ steps, usableBytes }: Plan): PlanVerdict {
  const runnable = steps.filter(isRunnable)
  const largest = runnable.reduce<Step | null>(
    (most, { step }) => (most && peakBytes(most) >= peakBytes(step) ? most : step),
    null,
  )
  const type = worst(runnable)
  return {
    type,
    runnableCount: runnable.length,
    skippedCount: steps.length - runnable.length,
    count: runnable.filter(({ verdict }) => verdict === type).length,
    largest,
    usableBytes,
  }
}

/** Whether a step will be run, rather than listed with the reason why not. */
export function isRunnable({ step }: PlannedStep): boolean {
  return step.outcome === 'planned'
}

const peakBytes = (step: Step): number => step.memory.theory?.peakBytes ?? 0

function worst(runnable: readonly PlannedStep[]): PlanVerdictType {
  if (runnable.length === 0) return 'nothingToRun'
  const verdicts = runnable.map(({ verdict }) => verdict)
  if (verdicts.includes('doesNotFit')) return 'doesNotFit'
  if (verdicts.includes('tooCloseToCall')) return 'tooCloseToCall'
  return verdicts.includes(null) ? 'unknownMemory' : 'fits'
}
