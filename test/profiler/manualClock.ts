import type { Clock } from '../../src/profiler/clock'

/** A clock that stands still until it is told to go on. */
export interface ManualClock extends Clock {
  /** Moves on by `ms` and calls what repeats, once each. */
  advance(ms: number): void
}

export function createManualClock(): ManualClock {
  const repeated = new Set<() => void>()
  let nowMs = 0
  return {
    nowMs: () => nowMs,
    wallMs: () => Date.UTC(2026, 0, 1) + nowMs,
    repeat(_periodMs, action) {
      const own = () => action()
      repeated.add(own)
      return () => void repeated.delete(own)
    },
    advance(ms) {
      nowMs += ms
      for (const action of repeated) action()
    },
  }
}
