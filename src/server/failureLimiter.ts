/** A person mistypes a token a few times; a program tries for ever. */
const maxFailures = 10
const windowMs = 60_000
/** An attacker with many addresses must not fill the memory. */
const maxAddresses = 1000

/** Counts wrong tokens per address, to stop answering who goes on guessing. */
export interface FailureLimiter {
  isBlocked(address: string): boolean
  recordFailure(address: string): void
}

/** @param nowMs any clock that does not run backwards */
export function createFailureLimiter(nowMs: () => number): FailureLimiter {
  const failures = new Map<string, readonly number[]>()
  const recent = (address: string) =>
    (failures.get(address) ?? []).filter((at) => nowMs() - at < windowMs)
  return {
    isBlocked: (address) => recent(address).length >= maxFailures,
    recordFailure(address) {
      const kept = [...recent(address), nowMs()].slice(-maxFailures)
      failures.delete(address) // so that the map stays in order of the last failure
      failures.set(address, kept)
      const [oldest] = failures.keys()
      if (failures.size > maxAddresses && oldest !== undefined) failures.delete(oldest)
    },
  }
}
