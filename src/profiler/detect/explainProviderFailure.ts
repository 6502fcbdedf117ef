import type { ExecutionProvider } from '../../core/device'
import { explainNvidia } from './explainNvidia'
import { knownFailures, type ProviderFailure } from './knownFailures'
import type { NvidiaSystem } from './nvidiaSystem'

/**
 * What keeps a provider from running, told from what it printed, and where the driver is to blame from
 * what the system around it shows.
 * @param said its error and what its native code wrote to stderr; null where it said nothing
 * @param system null where nobody looked
 */
export function explainProviderFailure(
  provider: ExecutionProvider,
  said: string | null,
  system: NvidiaSystem | null = null,
): ProviderFailure {
  for (const { pattern, cause, explain } of knownFailures) {
    const match = pattern.exec(said ?? '')
    if (!match) continue
    const failure = explain(match[1]!, provider)
    return cause && system ? explainNvidia(cause, failure, system) : failure
  }
  const words = said?.split('\n').find((line) => line.trim() !== '')
  return {
    reason: words
      ? `a session with one operator failed: ${words.trim().slice(0, 200)}`
      : 'a session with one operator failed without a word',
    fix: null,
    command: null,
  }
}
