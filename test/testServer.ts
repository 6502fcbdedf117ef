import { createORPCClient } from '@orpc/client'
import { RPCLink } from '@orpc/client/websocket'
import type { ContractRouterClient } from '@orpc/contract'
import { once } from 'node:events'
import { connect } from 'node:net'
import { WebSocket } from 'ws'
import type { hostContract } from '../src/protocol/contract'
import { startServer, type ServerOptions } from '../src/server/startServer'
import { createTestRouter } from './hostRouter'

export type Headers = Readonly<Record<string, string | readonly string[] | null>>

/** A real server on loopback, and clients for it that may say whatever they like. */
export async function startTestServer(options: Partial<ServerOptions> = {}) {
  const { router, streams } = createTestRouter()
  const server = await startServer({
    router,
    pageFolder: 'no-such-folder',
    metrics: () => 'metric 1\n',
    ...options,
  })
  const { host, port } = new URL(server.origin)

  /** A request with exactly these headers; null leaves one out. Resolves with the whole answer. */
  function request(target: string, headers: Headers, method = 'GET', body = ''): Promise<string> {
    const all: Headers = { Host: host, Connection: 'close', ...headers }
    const lines = Object.entries(all).flatMap(([name, value]) =>
      (value === null ? [] : [value].flat()).map((one) => `${name}: ${one}`),
    )
    const head = [`${method} ${target} HTTP/1.1`, ...lines].join('\r\n')
    return sendRaw(Number(port), `${head}\r\n\r\n${body}`)
  }

  /** Asks for a socket as a page would, with these headers changed. Resolves with the status. */
  function handshake(headers: Headers, target = '/rpc'): Promise<number> {
    return status(
      request(target, {
        Connection: 'Upgrade',
        Upgrade: 'websocket',
        'Sec-WebSocket-Version': '13',
        'Sec-WebSocket-Key': 'AAAAAAAAAAAAAAAAAAAAAA==',
        'Sec-WebSocket-Protocol': `headroom, ${server.token}`,
        Origin: server.origin,
        ...headers,
      }),
    )
  }

  /** Calls a procedure as another program would, with these headers changed. */
  function callApi(path: string, headers: Headers = {}, body = ''): Promise<string> {
    const usual = {
      Authorization: `Bearer ${server.token}`,
      'Content-Type': 'application/json',
      'Content-Length': String(Buffer.byteLength(body)),
    }
    return request(`/api${path}`, { ...usual, ...headers }, 'POST', body)
  }

  /** A page's socket, and the client that speaks over it. */
  function openPage() {
    const socket = new WebSocket(`ws://${host}/rpc`, ['headroom', server.token], {
      origin: server.origin,
    })
    socket.on('error', () => {}) // what becomes of a socket is seen by its 'close'
    const link = new RPCLink({ websocket: socket as never })
    const client: ContractRouterClient<typeof hostContract> = createORPCClient(link)
    return { socket, client }
  }

  return { ...server, host, port: Number(port), streams, request, handshake, callApi, openPage }
}

/** Sends these bytes as they are and resolves with what comes back until the end, or the upgrade. */
export async function sendRaw(port: number, text: string): Promise<string> {
  const socket = connect(port, '127.0.0.1')
  let answer = ''
  socket.on('data', (data) => {
    answer += data.toString()
    if (answer.startsWith('HTTP/1.1 101 ')) socket.destroy()
  })
  socket.on('error', () => {}) // the server may hang up in the middle of a request it refuses
  socket.write(text)
  await once(socket, 'close')
  return answer
}

/** The status in an answer's first line. */
export async function status(answer: Promise<string>): Promise<number> {
  return Number((await answer).split(' ')[1])
}
