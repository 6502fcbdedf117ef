import { createORPCClient, type ClientContext, type ClientLink } from '@orpc/client'
import { RPCLink as MessagePortLink } from '@orpc/client/message-port'
import { RPCLink as WebSocketLink } from '@orpc/client/websocket'
import type { ContractRouterClient } from '@orpc/contract'
import type { hostContract } from '../protocol/contract'
import { connectMessage } from '../protocol/desktopBridge'
import { createConnection, type Connection } from './connection'
import { takeToken } from './token'

// The contract is imported as a type: its schemas are checked by the host, not in the page.
export type HostClient = ContractRouterClient<typeof hostContract>

export interface Host {
  readonly client: HostClient
  /** null on the desktop, whose port lives as long as the window. */
  readonly connection: Connection | null
}

/** The application behind this page: by the desktop's message port, or by the web host's socket. */
export function connectHost(): Host {
  if (window.isDesktop) return { client: createORPCClient(desktopLink()), connection: null }
  const connection = createConnection(webSocketConnector(takeToken(window)))
  return { client: createORPCClient(connection.link), connection }
}

function desktopLink(): ClientLink<ClientContext> {
  const { port1, port2 } = new MessageChannel()
  window.postMessage(connectMessage, window.location.origin, [port2])
  port1.start()
  return new MessagePortLink({ port: port1 })
}

function webSocketConnector(token: string) {
  const url = new URL('/rpc', window.location.href)
  url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:'
  return {
    open: () => new WebSocket(url, ['headroom', token]),
    linkOver: (socket: WebSocket) => new WebSocketLink({ websocket: socket }),
    /** Whether it is the token that keeps the socket shut: a refused upgrade tells a page nothing. */
    async isRefused() {
      if (token === '') return true
      const headers = { authorization: `Bearer ${token}` }
      const response = await fetch('/api/about', { method: 'POST', headers })
      return response.status === 401 || response.status === 403 || response.status === 429
    },
  }
}
