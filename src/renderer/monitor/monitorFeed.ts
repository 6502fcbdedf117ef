import { createStore, type StoreApi } from 'zustand/vanilla'
import {
  applyMonitorEvent,
  emptyMonitorState,
  type MonitorState,
} from '../../core/monitor/monitorState'
import type { Host } from '../client'
import { isBackAfterLoss } from '../connection'

// The page's picture of what the GPUs do: the host's events folded, exactly as the terminal folds
// them. After a lost connection it asks for what it missed and goes on.

export interface MonitorFeedState {
  /** null until the host has told anything. */
  readonly state: MonitorState | null
  /** Why it can no longer be followed. */
  readonly error: unknown
}

export interface MonitorFeed {
  readonly store: StoreApi<MonitorFeedState>
  /** Follows until `signal` aborts: the host samples only while somebody does. */
  follow(signal: AbortSignal): Promise<void>
}

export function createMonitorFeed({ client, connection }: Host): MonitorFeed {
  const store = createStore<MonitorFeedState>(() => ({ state: null, error: null }))
  let after = -1

  async function follow(signal: AbortSignal): Promise<void> {
    store.setState({ error: null })
    while (!signal.aborted) {
      try {
        for await (const { sequence, event } of await client.monitor.events(
          { after },
          { signal },
        )) {
          if (signal.aborted) return
          after = sequence
          const state = applyMonitorEvent(store.getState().state ?? emptyMonitorState, event)
          store.setState({ state })
        }
        return // the host has closed its monitor
      } catch (error) {
        if (signal.aborted) return
        if (await isBackAfterLoss(connection)) continue
        store.setState({ error })
        return
      }
    }
  }

  return { store, follow }
}
