import { create } from 'zustand'
import type { Workload } from '../../../../core/plan/workload'
import type { HostClient } from '../../../client'
import { errorLine } from '../../../components/errorLine'
import { applyFrontierEvent, type FrontierState, idleFrontier } from './frontierState'

export interface FrontierQuestion {
  readonly workload: Workload
  readonly memoryLimitBytes: number | null
  readonly timeLimitMs: number
}

interface FrontierStore extends FrontierState {
  readonly start: (client: HostClient, question: FrontierQuestion) => Promise<void>
  readonly cancel: () => void
}

let going: AbortController | null = null

/** The search outlives the page that began it; what it has found until it is cancelled stays. */
export const useFrontierStore = create<FrontierStore>((set) => ({
  ...idleFrontier,
  async start(client, question) {
    if (going) return
    going = new AbortController()
    set({ ...idleFrontier, isRunning: true })
    const { signal } = going
    try {
      const events = await client.frontier({ ...question, sequenceLengths: null }, { signal })
      for await (const event of events) set((state) => applyFrontierEvent(state, event))
    } catch (error) {
      set({ problem: signal.aborted ? null : errorLine(error) })
    } finally {
      going = null
      set({ isRunning: false })
    }
  },
  cancel: () => going?.abort(),
}))
