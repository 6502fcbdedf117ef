import { createORPCClient } from '@orpc/client'
import { RPCLink, type MessagePortMainLike } from '@orpc/client/message-port'
import type { ContractRouterClient } from '@orpc/contract'
import { fork } from 'node:child_process'
import type { engineContract } from '../protocol/engineContract'

// The engine runs in a child process, one per step: ONNX Runtime blocks its thread, cannot be
// interrupted, and may take the process with it. Each host has its own way to start one.

/** How the child ended: its own exit code, or the signal that ended it. */
export interface EngineExit {
  readonly code: number | null
  readonly signal: string | null
}

/** A started engine. Its port emits 'close' when the process is gone, which rejects open calls. */
export interface EngineChild {
  readonly port: MessagePortMainLike
  readonly pid: number | null
  /** Its pid as soon as there is one: Electron starts processes later than it says. null where it never started. */
  readonly spawned: Promise<number | null>
  readonly exited: Promise<EngineExit>
  /** The end of what it wrote to stderr: the real cause of a provider's failure appears only there. */
  stderrTail(): string
  /** Ends it at once; a thread that is inside ONNX Runtime hears nothing softer. */
  kill(): void
}

/** Starts `entry` with `environment` as its whole environment. */
export type LaunchEngine = (
  entry: string,
  environment: Readonly<Record<string, string>>,
) => EngineChild

export type EngineClient = ContractRouterClient<typeof engineContract>

/** Longest piece of stderr that is kept, in characters. */
const stderrTailLength = 16_384

/** Keeps the end of a stream of text. */
export function keepTail(stream: NodeJS.ReadableStream | null): () => string {
  let tail = ''
  stream?.setEncoding('utf8')
  stream?.on('data', (chunk: string) => {
    tail = (tail + chunk).slice(-stderrTailLength)
  })
  return () => tail
}

/** The launcher of hosts that run in Node.js: terminal and web. */
export const launchWithNode: LaunchEngine = (entry, environment) => {
  const child = fork(entry, {
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    env: environment,
    // A terminal sends Ctrl+C to its whole process group. The engine is not in it, or it would have
    // crashed before the run is cancelled. (On Windows this would open a console.)
    detached: process.platform !== 'win32',
  })
  const exited = new Promise<EngineExit>((resolve) => {
    child.once('exit', (code, signal) => resolve({ code, signal }))
    child.once('error', () => resolve({ code: null, signal: null }))
  })
  return {
    port: {
      on: (event, callback) => {
        if (event === 'message') child.on('message', (data) => callback({ data }))
        if (event === 'close') void exited.then(() => callback())
      },
      postMessage: (data) => {
        // Between the child's end and 'exit' a send would throw EPIPE into nowhere.
        if (child.connected) child.send(data as never, () => {})
      },
    },
    pid: child.pid ?? null,
    spawned: Promise.resolve(child.pid ?? null),
    exited,
    stderrTail: keepTail(child.stderr),
    kill: () => void child.kill('SIGKILL'),
  }
}

/** A typed client of the engine behind `child`. */
export function connectEngine(child: EngineChild): EngineClient {
  return createORPCClient(linkTo(child))
}

/** The way to a child process. What is no message of the protocol is dropped. */
export function linkTo({ port }: EngineChild): RPCLink<Record<never, never>> {
  return new RPCLink({
    port: {
      postMessage: (data: unknown) => port.postMessage(data),
      on: (event, callback) =>
        port.on(event, (message) => {
          if (event === 'close' || isProtocolMessage(message?.data)) callback(message)
        }),
    },
  })
}

/** Native code that went wrong may write anything, and the client has nowhere to throw to. */
function isProtocolMessage(data: unknown): boolean {
  if (typeof data !== 'string') return false
  try {
    const message: unknown = JSON.parse(data)
    return typeof message === 'object' && message !== null && 'i' in message && 'p' in message
  } catch {
    return false
  }
}

/** The engine's environment: the host's own, less what would change its behaviour unseen. */
export function engineEnvironment(
  base: NodeJS.ProcessEnv,
  additions: Readonly<Record<string, string>> = {},
): Record<string, string> {
  // CUDA then counts GPUs as nvidia-smi does, unless somebody chose another order.
  const environment: Record<string, string> = { CUDA_DEVICE_ORDER: 'PCI_BUS_ID' }
  for (const [name, value] of Object.entries(base)) {
    // NODE_OPTIONS could load foreign code; NODE_CHANNEL_* belong to the host's own parent.
    if (value === undefined || name === 'NODE_OPTIONS' || name.startsWith('NODE_CHANNEL')) continue
    environment[name] = value
  }
  // CUDA would else count the fastest device first, nvidia-smi the first on the bus.
  environment.CUDA_DEVICE_ORDER ??= 'PCI_BUS_ID'
  return { ...environment, ORT_DISABLE_TELEMETRY: '1', ...additions }
}
