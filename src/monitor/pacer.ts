/** Moments at equal distances; who comes late waits for the next one instead of making up for it. */
export interface Pacer {
  /** Resolves at the next moment, or at once after the period was changed. */
  next(): Promise<void>
  setPeriod(periodMs: number): void
}

export function createPacer(
  periodMs: number,
  nowMs: () => number = () => performance.now(),
): Pacer {
  let period = periodMs
  let dueMs = nowMs()
  let wake: (() => void) | null = null
  return {
    next: () =>
      new Promise((resolve) => {
        const now = nowMs()
        const missed = Math.max(0, Math.floor((now - dueMs) / period))
        dueMs += (missed + 1) * period
        const timer = setTimeout(done, dueMs - now)
        function done(): void {
          clearTimeout(timer)
          wake = null
          resolve()
        }
        wake = done
      }),
    setPeriod(newPeriodMs) {
      if (newPeriodMs === period) return
      period = newPeriodMs
      dueMs = nowMs()
      wake?.()
    },
  }
}
