import type { SolveAnswer, SolveRequest } from './solveMessages'

/** What the solver needs of a Worker. */
export type SolveThread = Pick<Worker, 'addEventListener' | 'postMessage' | 'terminate'>

export interface SolveListener {
  onAnswer(answer: SolveAnswer): void
  onError(error: Error): void
}

/**
 * Searches one after the other in a thread of their own. A search cannot be interrupted from within, so
 * that one whose answer nobody waits for any more ends with its thread, and the next gets a new one.
 */
export function createSolver(startThread: () => SolveThread) {
  let idle: SolveThread | null = null

  /** Returns how to give the search up. */
  function solve(request: SolveRequest, listener: SolveListener): () => void {
    const thread = idle ?? startThread()
    idle = null
    const search = new AbortController()
    const { signal } = search
    const end = (isReusable: boolean) => {
      search.abort()
      if (isReusable && idle === null) idle = thread
      else thread.terminate()
    }
    thread.addEventListener(
      'message',
      ({ data }: MessageEvent<SolveAnswer>) => {
        end(true)
        listener.onAnswer(data)
      },
      { signal },
    )
    thread.addEventListener(
      'error',
      ({ message }) => {
        end(false)
        listener.onError(new Error(message))
      },
      { signal },
    )
    thread.postMessage(request)
    return () => {
      if (!signal.aborted) end(false)
    }
  }

  return { solve }
}
