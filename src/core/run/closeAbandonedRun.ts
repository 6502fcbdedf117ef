import { deriveStepFigures } from './deriveFigures'
import type { RunRecord, Step } from './record'

/** The record of a run whose application ended before the run did: what was measured stays. */
export function closeAbandonedRun(record: RunRecord): RunRecord {
  return { ...record, outcome: 'failed', steps: record.steps.map(closeStep) }
}

function closeStep(step: Step): Step {
  if (step.outcome === 'running') {
    return deriveStepFigures({
      ...step,
      outcome: 'crashed',
      reason: 'Headroom itself ended while this step ran',
    })
  }
  if (step.outcome === 'planned') {
    return { ...step, outcome: 'skipped', reason: 'Headroom itself ended before this step began' }
  }
  return step
}
