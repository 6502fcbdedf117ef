import { create } from 'zustand'
import type { HostClient } from '../../client'
import { errorLine } from '../../components/errorLine'
import { applySetupEvent, idleSetup, type SetupState } from './setupState'

interface SetupStore extends SetupState {
  /** @param from folder with the wheels on the host's machine; null: pip fetches them */
  readonly start: (client: HostClient, from: string | null, withCudnn: boolean) => Promise<void>
  readonly cancel: () => void
}

let going: AbortController | null = null

/** The set-up outlives the page that began it: who looks at another page meanwhile does not cancel it. */
export const useSetupStore = create<SetupStore>((set) => ({
  ...idleSetup,
  async start(client, from, withCudnn) {
    if (going) return
    going = new AbortController()
    set({ ...idleSetup, isRunning: true })
    const { signal } = going
    try {
      const request = { action: 'setUp', from, withCudnn, reuse: true } as const
      for await (const event of await client.setupCuda(request, { signal }))
        set((state) => applySetupEvent(state, event))
    } catch (error) {
      set({ broken: signal.aborted ? null : errorLine(error) })
    } finally {
      going = null
      set({ isRunning: false, progress: null })
    }
  },
  cancel: () => going?.abort(),
}))
