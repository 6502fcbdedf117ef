import type { ExecutionProvider, ProviderContext } from '../../core/device'
import { formatBytes } from '../../core/units'
import type { ProviderProbe } from '../../protocol/engineContract'
import { type EngineStart, inFreshEngine } from '../freshEngine'
import { readProcessGpuBytes } from './readProcessGpuBytes'

/** A provider that was tried. */
export interface ProviderTrial extends ProviderProbe {
  /** What its process held beside the session; null where nobody reports it. */
  readonly context?: ProviderContext | null
}

/**
 * Tries a provider in an engine process of its own: one that crashes, hangs or leaves its libraries
 * loaded does so alone. Its answer's `error` holds what was thrown and what the native code wrote to
 * stderr, where alone the cause is told. Never throws.
 */
export async function probeProvider(
  start: EngineStart,
  provider: ExecutionProvider,
): Promise<ProviderTrial> {
  return inFreshEngine(start, async (engine, child) => {
    const keepsSession = provider === 'cuda'
    const answer = await engine.probe({ provider, keepsSession })
    if (answer.ran) return { ...answer, context: await contextOf(child.pid, answer.arenaBytes) }
    const said = [answer.error, child.stderrTail()].filter(Boolean).join('\n')
    return { ...answer, error: said || null }
  }).catch((error: unknown) => ({
    known: true,
    ran: false,
    error: error instanceof Error ? error.message : String(error),
  }))
}

/** While its session is there, so that what a session loads and opens is in it; less the session's arena. */
async function contextOf(
  pid: number | null,
  arenaBytes: number | undefined,
): Promise<ProviderContext | null> {
  if (pid === null || arenaBytes === undefined) return null
  const held = await readProcessGpuBytes(pid)
  // Windows' display model and containers tell nothing, or too little to be a context.
  if (held === null || held <= arenaBytes) return null
  return {
    bytes: held - arenaBytes,
    source: `nvidia-smi: ${formatBytes(held)} of a process with a session of one product and one exponential, less ${formatBytes(arenaBytes)} of its arena`,
  }
}

/** The version of ONNX Runtime that the engine carries, or null where the engine does not start. */
export function readOnnxruntimeVersion(start: EngineStart): Promise<string | null> {
  return inFreshEngine(start, async (engine) => (await engine.versions()).onnxruntime).catch(
    () => null,
  )
}
