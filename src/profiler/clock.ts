/** Time, passed in so that tests decide how it goes. */
export interface Clock {
  /** Monotonic, ms. */
  nowMs(): number
  /** Wall clock, ms since 1970. */
  wallMs(): number
  /** Calls `action` every `periodMs` until the returned function is called. */
  repeat(periodMs: number, action: () => void): () => void
}

export const systemClock: Clock = {
  nowMs: () => performance.now(),
  wallMs: () => Date.now(),
  repeat(periodMs, action) {
    const timer = setInterval(action, periodMs)
    return () => clearInterval(timer)
  },
}
