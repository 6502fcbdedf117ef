import { onError, ORPCError, type Router } from '@orpc/server'
import { RPCHandler } from '@orpc/server/ws'
import type { hostContract } from '../protocol/contract'
import type { Viewer, Viewers } from './viewers'

/** What a procedure is told of its caller: the viewer, where several may look at once. */
export interface HostContext {
  readonly viewer?: Viewer
}

/** The application's procedures, as every host offers them. */
export type HostRouter = Router<typeof hostContract, HostContext>

/** What only the viewer in control may do: everybody else would interfere with his measurement. */
const controlled = new Set([
  'runs/start',
  'runs/cancel',
  'history/remove',
  'largest',
  'frontier',
  'recordings/start',
  'recordings/stop',
  'recordings/remove',
])

/** Two ways between the application and one page, whatever carries them. */
export interface PageChannel {
  /** Resolves once the message is out of this process: a page that reads slowly slows its stream. */
  send(message: string | Uint8Array): void | Promise<void>
  onMessage(listener: (message: unknown) => void): void
  onClose(listener: () => void): void
}

/**
 * Lets a page call the application. Pages are not trusted: what is no message of the protocol is
 * dropped, what is no valid input is answered with an error, and neither reaches anything else.
 * @param viewers where several pages may look at once; without, each may do everything
 * @returns connects one channel; it ends with the channel
 */
export function createPageServer(
  router: HostRouter,
  viewers?: Viewers,
): (channel: PageChannel) => void {
  const handler = new RPCHandler(router, {
    interceptors: [onError((error) => logUnexpected(error))],
    clientInterceptors: [
      (call) => {
        const { path, context } = call
        if (context.viewer?.isInControl === false && controlled.has(path.join('/')))
          throw new ORPCError('FORBIDDEN', { message: notInControl })
        return call.next()
      },
    ],
  })
  return (channel) => {
    const viewer = viewers?.join()
    if (viewer) channel.onClose(() => viewer.leave())
    const context: HostContext = viewer ? { viewer } : {}
    // Of a WebSocket the handler uses these two methods, and it awaits what `send` returns.
    void handler.upgrade(
      {
        send: (message: string | Uint8Array) => channel.send(message),
        addEventListener(event: string, listener: (event: { data?: unknown }) => unknown) {
          if (event === 'close') channel.onClose(() => void listener({}))
          else if (event === 'message')
            channel.onMessage((data) => {
              if (isProtocolMessage(data)) void listener({ data })
            })
        },
      } as never,
      { context },
    )
  }
}

const notInControl = 'somebody else is in control: take control first, or wait'

function isProtocolMessage(data: unknown): data is string | ArrayBuffer | Uint8Array {
  return typeof data === 'string' || data instanceof ArrayBuffer || data instanceof Uint8Array
}

/** Errors that the contract names are answers; any other is our own bug and must be seen. */
function logUnexpected(error: unknown): void {
  const isAnswer = error instanceof ORPCError && error.code !== 'INTERNAL_SERVER_ERROR'
  const isCancelled = error instanceof Error && error.name === 'AbortError'
  if (!isAnswer && !isCancelled) console.error(error)
}
