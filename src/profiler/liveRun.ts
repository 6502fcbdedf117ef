import { applyRunEvent, type RunState } from '../core/run/applyRunEvent'
import type { NumberedRunEvent, RunEvent } from '../core/run/events'
import type { RunRecord } from '../core/run/record'
import { createEventLog } from './eventLog'

/** A run that goes on, or the last one that did: its record so far, and its events for who listens. */
export interface LiveRun {
  readonly record: RunRecord
  readonly isEnded: boolean
  publish(event: RunEvent): void
  /**
   * Everything after `after` (−1: from the beginning), then what happens, until the run ends. Who is
   * too far behind gets the record as it stands instead of what it missed.
   */
  events(after: number, signal?: AbortSignal): AsyncGenerator<NumberedRunEvent, void>
}

/** Some minutes at 30 events a second. A reader further behind needs the picture, not the film. */
const maxKeptEvents = 5000

export function createLiveRun(initial: RunRecord): LiveRun {
  const started: RunEvent = { type: 'runStarted', record: initial }
  let state: RunState = applyRunEvent(null, started)
  const log = createEventLog<RunEvent>({
    maxKept: maxKeptEvents,
    snapshot: () => ({ type: 'runStarted', record: state.record }),
    beginsWithSnapshot: false,
  })
  log.publish(started)
  return {
    get record() {
      return state.record
    },
    get isEnded() {
      return log.isEnded
    },
    publish(event) {
      state = applyRunEvent(state, event)
      log.publish(event)
      if (event.type === 'runEnded') log.end()
    },
    events: (after, signal) => log.events(after, signal),
  }
}

/** The events of a run that is over, for a reader that has seen those up to `after`. */
export function* storedEvents(record: RunRecord, after: number): Generator<NumberedRunEvent, void> {
  yield { sequence: after + 1, event: { type: 'runStarted', record } }
  yield { sequence: after + 2, event: { type: 'runEnded', outcome: record.outcome } }
}
