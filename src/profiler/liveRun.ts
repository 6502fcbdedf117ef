import { applyRunEvent, type RunState } from '../core/run/applyRunEvent'
import type { NumberedRunEvent, RunEvent } from '../core/run/events'
import type { RunRecord } from '../core/run/record'

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
  let state: RunState = applyRunEvent(null, { type: 'runStarted', record: initial })
  let isEnded = false
  const kept: NumberedRunEvent[] = [{ sequence: 0, event: { type: 'runStarted', record: initial } }]
  let nextSequence = 1
  const waiting = new Set<() => void>()

  function wake(): void {
    for (const resolve of waiting) resolve()
    waiting.clear()
  }

  /** Resolves with the next event or when `signal` aborts. */
  function somethingNew(signal: AbortSignal | undefined): Promise<void> {
    return new Promise((resolve) => {
      const done = () => {
        waiting.delete(done)
        signal?.removeEventListener('abort', done)
        resolve()
      }
      waiting.add(done)
      signal?.addEventListener('abort', done, { once: true })
    })
  }

  return {
    get record() {
      return state.record
    },
    get isEnded() {
      return isEnded
    },
    publish(event) {
      state = applyRunEvent(state, event)
      if (event.type === 'runEnded') isEnded = true
      kept.push({ sequence: nextSequence, event })
      nextSequence += 1
      // In larger pieces than one, because it moves all that stay.
      if (kept.length > 2 * maxKeptEvents) kept.splice(0, kept.length - maxKeptEvents)
      wake()
    },
    async *events(after, signal) {
      let seen = after
      while (!signal?.aborted) {
        const first = kept[0]!.sequence
        if (seen + 1 < first) {
          const isWhole = isEnded
          seen = nextSequence - 1
          yield { sequence: seen, event: { type: 'runStarted', record: state.record } }
          if (isWhole) return
        } else if (seen + 1 < nextSequence) {
          const numbered = kept[seen + 1 - first]!
          seen = numbered.sequence
          yield numbered
          if (numbered.event.type === 'runEnded') return
        } else if (isEnded) {
          return
        } else {
          await somethingNew(signal)
        }
      }
    },
  }
}

/** The events of a run that is over, for a reader that has seen those up to `after`. */
export function* storedEvents(record: RunRecord, after: number): Generator<NumberedRunEvent, void> {
  yield { sequence: after + 1, event: { type: 'runStarted', record } }
  yield { sequence: after + 2, event: { type: 'runEnded', outcome: record.outcome } }
}
