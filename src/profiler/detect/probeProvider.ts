import type { ExecutionProvider } from '../../core/device'
import type { ProviderProbe } from '../../protocol/engineContract'
import {
  connectEngine,
  engineEnvironment,
  type EngineChild,
  type EngineClient,
  type LaunchEngine,
} from '../engineProcess'

export interface EngineStart {
  readonly launchEngine: LaunchEngine
  /** The engine's built entry. */
  readonly engineEntry: string
}

/** The first start of a GPU provider may compile its kernels. */
const timeoutMs = 60_000

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

async function inFreshEngine<T>(
  { launchEngine, engineEntry }: EngineStart,
  ask: (engine: EngineClient, child: EngineChild) => Promise<T>,
): Promise<T> {
  const child = launchEngine(engineEntry, engineEnvironment(process.env))
  let hung = false
  const timer = setTimeout(() => {
    hung = true
    child.kill()
  }, timeoutMs)
  const gone = child.exited.then(({ code, signal }): never => {
    const end = signal === null ? `with code ${code ?? 'unknown'}` : `by ${signal}`
    const what = hung
      ? `the engine did not answer within ${timeoutMs / 1000} s`
      : `the engine ended ${end}`
    throw new Error([what, child.stderrTail()].filter(Boolean).join('\n'))
  })
  try {
    return await Promise.race([ask(connectEngine(child), child), gone])
  } catch (error) {
    // When the process is gone its channel may tell first, with less to say.
    if (await hasEnded(child)) await gone
    throw error
  } finally {
    clearTimeout(timer)
    gone.catch(() => {})
    child.kill()
  }
}

/** Whether the process is gone, or goes within the next moment. */
function hasEnded(child: EngineChild): Promise<boolean> {
  const { promise: moment, resolve } = Promise.withResolvers<boolean>()
  setTimeout(() => resolve(false), 200)
  return Promise.race([child.exited.then(() => true), moment])
}
