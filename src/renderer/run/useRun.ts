import { createContext, useContext } from 'react'
import { useStore } from 'zustand'
import type { Runs, RunsState } from './runs'

export const RunsContext = createContext<Runs | null>(null)

export function useRuns(): Runs {
  const runs = useContext(RunsContext)
  if (!runs) throw new Error('no runs: wrap the tree in RunsContext')
  return runs
}

/** What is being followed, drawn anew when it changes. */
export function useRunsState(): RunsState {
  return useStore(useRuns().store)
}

export function useIsRunning(): boolean {
  return useStore(useRuns().store, ({ status }) => status === 'following')
}
