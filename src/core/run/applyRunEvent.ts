import { assertNever } from '../errors'
import type { RunEvent } from './events'
import type { RunRecord, Step } from './record'

/** A run as it stands: the record so far, and what is only of interest while it lasts. */
export interface RunState {
  readonly record: RunRecord
  readonly live: LiveStep | null
}

export interface LiveStep {
  readonly step: number
  readonly fraction: number
  readonly remainingMs: number | null
  readonly throughputPerSecond: number | null
}

/**
 * The state after `event`. Pure; the first event must be `runStarted`, and a step is ended before
 * the run is.
 */
export function applyRunEvent(state: RunState | null, event: RunEvent): RunState {
  if (event.type === 'runStarted') return { record: event.record, live: null }
  if (!state) throw new Error(`a run begins with runStarted, not with ${event.type}`)
  const { record } = state
  const withStep = (change: (step: Step) => Step, index: number): RunState => ({
    ...state,
    record: {
      ...record,
      steps: record.steps.map((step, i) => (i === index ? change(step) : step)),
    },
  })
  switch (event.type) {
    case 'stepStarted':
      return {
        ...withStep((step) => ({ ...step, outcome: 'running', startedMs: event.tMs }), event.step),
        live: { step: event.step, fraction: 0, remainingMs: null, throughputPerSecond: null },
      }
    case 'phase':
      return withStep(
        (step) => ({ ...step, phases: [...step.phases, { phase: event.phase, tMs: event.tMs }] }),
        event.step,
      )
    case 'memory':
      return withStep(
        (step) => ({ ...step, memorySamples: step.memorySamples.concat(event.samples) }),
        event.step,
      )
    case 'progress': {
      const { step, fraction, remainingMs, throughputPerSecond } = event
      return { ...state, live: { step, fraction, remainingMs, throughputPerSecond } }
    }
    case 'latency':
      return withStep(
        (step) => ({ ...step, latencySamplesMs: step.latencySamplesMs.concat(event.samplesMs) }),
        event.step,
      )
    case 'epoch': {
      const { epoch, loss, testAccuracy } = event
      return withStep(
        (step) => ({
          ...step,
          epochs: [...step.epochs, { epoch, loss, testAccuracy }],
          loss: [...(step.loss ?? []), loss],
        }),
        event.step,
      )
    }
    case 'losses':
      return withStep(
        (step) => ({ ...step, loss: (step.loss ?? []).concat(event.losses) }),
        event.step,
      )
    case 'validation':
      return withStep(
        (step) => ({ ...step, validation: [...step.validation, event.validation] }),
        event.step,
      )
    case 'stepUpdated':
      return withStep((step) => merge(step, event.update), event.step)
    case 'stepEnded':
      return {
        ...withStep((step) => ({ ...merge(step, event.update), endedMs: event.tMs }), event.step),
        live: null,
      }
    case 'runEnded':
      return { record: { ...record, outcome: event.outcome }, live: null }
    default:
      return assertNever(event)
  }
}

/** `step` with every field that `update` holds; a field that is undefined changes nothing. */
function merge(step: Step, update: Partial<{ [K in keyof Step]: Step[K] | undefined }>): Step {
  const known = Object.entries(update).filter(([, value]) => value !== undefined)
  return { ...step, ...Object.fromEntries(known) }
}

/** How a run ended, from how its steps did: all, some or none of those that could run completed. */
export function runOutcome(record: RunRecord): RunRecord['outcome'] {
  const outcomes = record.steps.map((step) => step.outcome)
  if (outcomes.includes('cancelled')) return 'cancelled'
  const ran = outcomes.filter((outcome) => outcome !== 'skipped' && outcome !== 'unsupported')
  const completed = ran.filter((outcome) => outcome === 'completed').length
  if (completed === 0) return 'failed'
  return completed === ran.length ? 'completed' : 'partial'
}
