import { createStore, type StoreApi } from 'zustand/vanilla'
import type { NumberedRunEvent } from '../../core/run/events'
import { applyRunEvent, type RunState } from '../../core/run/applyRunEvent'
import type { RunRecord } from '../../core/run/record'
import type { Host } from '../client'
import { isBackAfterLoss } from '../connection'

// The page's picture of the run that goes on in the host. It is the run's events folded, exactly as
// the store and the terminal fold them, so a reload or a lost connection only asks for what is missing.

export interface RunsState {
  /** `looking` until the host has said whether anything runs. */
  readonly status: 'looking' | 'idle' | 'following'
  readonly id: string | null
  /** The run that goes on, or the last one that was followed or shown. */
  readonly run: RunState | null
  /** Why the run can no longer be followed, though it may go on. */
  readonly error: unknown
}

export interface Runs {
  readonly store: StoreApi<RunsState>
  /** Asks the host whether something runs, and follows it: another viewer may have begun it meanwhile. */
  look(): Promise<void>
  /** Follows a run to its end. */
  follow(id: string): Promise<void>
  /** Shows a stored run where nothing is being followed. */
  show(record: RunRecord): void
}

interface RunsOptions {
  readonly host: Host
  /** Calls back when the page is about to be drawn: events in between are shown together. */
  readonly schedule: (callback: () => void) => void
  /** After a run has ended, and with it the history has grown. */
  readonly onEnded: () => void
}

export function createRuns({ host, schedule, onEnded }: RunsOptions): Runs {
  const { client, connection } = host
  const store = createStore<RunsState>(() => ({
    status: 'looking',
    id: null,
    run: null,
    error: null,
  }))

  let isAsking = false
  async function look(): Promise<void> {
    if (isAsking || store.getState().status === 'following') return
    isAsking = true
    const id = await currentRun().finally(() => (isAsking = false))
    if (id !== null) await follow(id)
  }

  async function currentRun(): Promise<string | null> {
    const isFirst = store.getState().status === 'looking'
    try {
      const { id } = await client.runs.current()
      if (id === null && isFirst) store.setState({ status: 'idle' })
      return id
    } catch (error) {
      // Later the banner tells that the connection is lost, and what is shown stays.
      if (isFirst) store.setState({ status: 'idle', error })
      return null
    }
  }

  async function follow(id: string): Promise<void> {
    const { status, id: followed } = store.getState()
    if (status === 'following' && followed === id) return
    store.setState({ status: 'following', id, run: null, error: null })
    const queue = createQueue()
    let after = -1
    while (store.getState().id === id) {
      try {
        for await (const numbered of await client.runs.events({ id, after })) {
          if (store.getState().id !== id) return
          after = numbered.sequence
          queue.add(numbered)
        }
        break // the host ends the stream with the run
      } catch (error) {
        if (!(await isBackAfterLoss(connection))) {
          store.setState({ status: 'idle', error })
          return
        }
      }
    }
    queue.flush()
    if (store.getState().id !== id) return
    store.setState({ status: 'idle' })
    onEnded()
  }

  /** Folds what has come since the page was last drawn, once. */
  function createQueue() {
    let waiting: NumberedRunEvent[] = []
    function flush(): void {
      if (waiting.length === 0) return
      const run = waiting.reduce<RunState | null>(
        (state, { event }) => applyRunEvent(state, event),
        store.getState().run,
      )
      waiting = []
      store.setState({ run })
    }
    return {
      flush,
      add(numbered: NumberedRunEvent) {
        waiting.push(numbered)
        if (waiting.length === 1) schedule(flush)
      },
    }
  }

  return {
    store,
    look,
    follow,
    show(record) {
      if (store.getState().status === 'following') return
      store.setState({ status: 'idle', id: record.id, run: { record, live: null }, error: null })
    },
  }
}

/** With the next frame; in a hidden window, which draws none, four times a second. */
export function beforeDrawing(callback: () => void): void {
  if (document.hidden) setTimeout(callback, 250)
  else requestAnimationFrame(callback)
}
