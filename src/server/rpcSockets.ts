import { STATUS_CODES, type IncomingMessage, type Server } from 'node:http'
import type { Duplex } from 'node:stream'
import { WebSocketServer, type RawData, type WebSocket } from 'ws'
import type { PageChannel } from '../profiler/pageServer'
import type { Gate } from './gate'

/** Pages send small requests; answers may be larger. */
const maxPayloadBytes = 1024 * 1024

interface RpcSocketsOptions {
  readonly server: Server
  readonly gate: Gate
  readonly connect: (channel: PageChannel) => void
  /** How often a page must show that it is still there; one missed answer ends its socket. */
  readonly heartbeatMs: number
}

/** Lets pages call the application over WebSockets at /rpc, with the subprotocols `headroom, TOKEN`. */
export function serveRpcSockets({ server, gate, connect, heartbeatMs }: RpcSocketsOptions): {
  close(): void
} {
  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload: maxPayloadBytes,
    perMessageDeflate: false, // a few bytes would unpack to many
    handleProtocols: () => 'headroom', // never echoes the token
  })
  const unanswered = new WeakSet<WebSocket>()

  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    socket.on('error', () => socket.destroy())
    const refusal =
      request.url === '/rpc' ? gate.checkAccess(request) : { status: 404, reason: 'not found' }
    if (refusal) refuse(socket, refusal)
    else sockets.handleUpgrade(request, socket, head, accept)
  })

  function accept(socket: WebSocket): void {
    // ws closes the socket by itself; without a listener a broken frame would end the process.
    socket.on('error', () => socket.terminate())
    socket.on('pong', () => unanswered.delete(socket))
    connect(channelOf(socket))
  }

  const heartbeat = setInterval(() => {
    for (const socket of sockets.clients) {
      if (unanswered.has(socket)) socket.terminate()
      else {
        unanswered.add(socket)
        socket.ping()
      }
    }
  }, heartbeatMs)
  heartbeat.unref()

  return {
    close() {
      clearInterval(heartbeat)
      for (const socket of sockets.clients) socket.terminate()
    },
  }
}

function channelOf(socket: WebSocket): PageChannel {
  return {
    // A socket that is gone takes its calls along ('close'), so there is nobody to tell of an error.
    send: (message) => new Promise((resolve) => socket.send(message, () => resolve())),
    onMessage: (listener) =>
      void socket.on('message', (data: RawData, isBinary: boolean) =>
        listener(isBinary ? data : (data as Buffer).toString()),
      ),
    onClose: (listener) => void socket.on('close', listener),
  }
}

function refuse(socket: Duplex, { status, reason }: { status: number; reason: string }): void {
  const lines = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
    'Connection: close',
    'Content-Type: text/plain; charset=UTF-8',
    `Content-Length: ${Buffer.byteLength(reason)}`,
  ]
  socket.end(`${lines.join('\r\n')}\r\n\r\n${reason}`)
}
