/** create() and the first run may compile kernels and page in gigabytes. */
const startBudgetMs = 120_000
/** Shortest silence that counts as a hang once runs come back. */
const leastBudgetMs = 30_000
/** A run that takes this many times the median is not coming back. */
const medianFactor = 20

/**
 * Tells a hang from a long run by the time since the engine was last heard of. A legal run that
 * takes a minute is never ended: its budget is twenty of its own medians.
 */
export interface Watchdog {
  /** The engine was heard of. */
  heard(nowMs: number): void
  /** A run took this long. */
  ran(runMs: number): void
  /** Silence that is still allowed, in ms. */
  budgetMs(): number
  isExpired(nowMs: number): boolean
}

export function createWatchdog(nowMs: number): Watchdog {
  let lastHeardMs = nowMs
  let longestRunMs: number | null = null
  const budgetMs = (): number =>
    longestRunMs === null ? startBudgetMs : Math.max(leastBudgetMs, medianFactor * longestRunMs)
  return {
    heard: (now) => {
      lastHeardMs = now
    },
    ran: (runMs) => {
      longestRunMs = Math.max(longestRunMs ?? 0, runMs)
    },
    budgetMs,
    isExpired: (now) => now - lastHeardMs > budgetMs(),
  }
}
