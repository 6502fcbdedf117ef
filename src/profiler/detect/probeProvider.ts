import type { ExecutionProvider } from '../../core/device'
import type { ProviderProbe } from '../../protocol/engineContract'
import { type EngineStart, inFreshEngine } from '../freshEngine'

/**
 * Tries a provider in an engine process of its own: one that crashes, hangs or leaves its libraries
 * loaded does so alone. Its answer's `error` holds what was thrown and what the native code wrote to
 * stderr, where alone the cause is told. Never throws.
 */
export async function probeProvider(
  start: EngineStart,
  provider: ExecutionProvider,
): Promise<ProviderProbe> {
  return inFreshEngine(start, async (engine, child) => {
    const answer = await engine.probe({ provider })
    if (answer.ran) return answer
    const said = [answer.error, child.stderrTail()].filter(Boolean).join('\n')
    return { ...answer, error: said || null }
  }).catch((error: unknown) => ({
    known: true,
    ran: false,
    error: error instanceof Error ? error.message : String(error),
  }))
}

/** The version of ONNX Runtime that the engine carries, or null where the engine does not start. */
export function readOnnxruntimeVersion(start: EngineStart): Promise<string | null> {
  return inFreshEngine(start, async (engine) => (await engine.versions()).onnxruntime).catch(
    () => null,
  )
}
