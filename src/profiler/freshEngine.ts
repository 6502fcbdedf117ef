import {
  connectEngine,
  engineEnvironment,
  type EngineChild,
  type EngineClient,
  type LaunchEngine,
} from './engineProcess'

/** How to start an engine. */
export interface EngineStart {
  readonly launchEngine: LaunchEngine
  /** The engine's built entry. */
  readonly engineEntry: string
}

/** The first start of a GPU provider may compile its kernels. */
const timeoutMs = 60_000

/**
 * Asks an engine process of its own, which is gone afterwards. Where it ends instead of answering, or
 * does not answer in time, the error says so and what it wrote to stderr.
 */
export async function inFreshEngine<T>(
  { launchEngine, engineEntry }: EngineStart,
  ask: (engine: EngineClient, child: EngineChild) => Promise<T>,
  signal?: AbortSignal,
): Promise<T> {
  signal?.throwIfAborted()
  const child = launchEngine(engineEntry, engineEnvironment(process.env))
  const kill = () => child.kill()
  signal?.addEventListener('abort', kill, { once: true })
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
    signal?.throwIfAborted()
    // When the process is gone its channel may tell first, with less to say.
    if (await hasEnded(child)) await gone
    throw error
  } finally {
    clearTimeout(timer)
    signal?.removeEventListener('abort', kill)
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
