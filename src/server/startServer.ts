import { createAdaptorServer } from '@hono/node-server'
import { once } from 'node:events'
import type { Server } from 'node:http'
import { isIPv6, type AddressInfo } from 'node:net'
import { hostname, networkInterfaces } from 'node:os'
import { InputError } from '../core/errors'
import { createPageServer, type HostRouter } from '../profiler/pageServer'
import { createViewers } from '../profiler/viewers'
import { createAccessToken } from './accessToken'
import { createFailureLimiter } from './failureLimiter'
import { createGate } from './gate'
import { createHttpRoutes } from './httpRoutes'
import { serveRpcSockets } from './rpcSockets'

export interface ServerOptions {
  readonly router: HostRouter
  /** The renderer's build. */
  readonly pageFolder: string
  /** What Prometheus reads at /metrics. */
  readonly metrics: () => string
  /** Address to listen at; anything but loopback opens the server to the network. */
  readonly host?: string
  /** 0 takes a free one. */
  readonly port?: number
  /** How long a connection may take to send its request, and a page to answer a sign of life. */
  readonly patienceMs?: number
  /** Milliseconds of the clock by which wrong tokens are forgotten. */
  readonly now?: () => number
}

export interface RunningServer {
  /** The page, with the token in its fragment: browsers keep that to themselves. */
  readonly url: string
  /** `http://name:port`, the page's own origin. */
  readonly origin: string
  readonly token: string
  close(): Promise<void>
}

/**
 * Serves the dashboard and its calls over HTTP and WebSocket.
 * @throws InputError where it cannot listen at that address
 */
export async function startServer({
  router,
  pageFolder,
  metrics,
  host = '127.0.0.1',
  port = 0,
  patienceMs = 5000,
  now = () => performance.now(),
}: ServerOptions): Promise<RunningServer> {
  const token = createAccessToken()
  let allowedHosts: readonly string[] = []
  const gate = createGate({
    token,
    allowedHosts: () => allowedHosts,
    limiter: createFailureLimiter(now),
  })
  // An HTTP/1.1 server, as no other kind is asked for.
  const server = createAdaptorServer({
    fetch: createHttpRoutes({ router, pageFolder, gate, metrics }).fetch,
    serverOptions: {
      headersTimeout: patienceMs,
      requestTimeout: 2 * patienceMs,
      connectionsCheckingInterval: patienceMs / 5,
    },
  }) as Server
  const connect = createPageServer(router, createViewers())
  const sockets = serveRpcSockets({ server, gate, connect, heartbeatMs: patienceMs })

  await listen(server, host, port)
  const { port: actualPort } = server.address() as AddressInfo
  allowedHosts = namesOf(host).map((name) => inUrl(name, actualPort))
  const origin = `http://${allowedHosts[0]}`
  return {
    url: `${origin}/#token=${token}`,
    origin,
    token,
    async close() {
      sockets.close()
      const closed = once(server, 'close')
      server.close()
      server.closeAllConnections()
      await closed
    },
  }
}

async function listen(server: Server, host: string, port: number): Promise<void> {
  try {
    await once(server.listen(port, host), 'listening')
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    const reasons: Readonly<Record<string, string>> = {
      EADDRINUSE: `port ${port} is in use, choose another or 0 for a free one`,
      EACCES: `port ${port} may not be used by this account, choose one above 1023`,
      EADDRNOTAVAIL: `${host} is no address of this machine, leave it out for 127.0.0.1`,
      ENOTFOUND: `${host} is no address of this machine, leave it out for 127.0.0.1`,
    }
    const message = code && reasons[code]
    if (!message) throw error
    const path = code === 'EADDRINUSE' || code === 'EACCES' ? 'port' : 'host'
    throw new InputError({ code: 'INVALID_VALUE', path, message })
  }
}

/** What clients may call a server that listens at this address, the most usable name first. */
function namesOf(host: string): readonly string[] {
  const loopback = ['127.0.0.1', 'localhost', '::1']
  if (loopback.includes(host)) return [...new Set([host, ...loopback])]
  if (host !== '0.0.0.0' && host !== '::') return [host]
  const addresses = Object.values(networkInterfaces()).flatMap((entries) => entries ?? [])
  const own = addresses.filter(({ internal }) => !internal).map(({ address }) => address)
  return [...own, hostname(), ...loopback]
}

function inUrl(name: string, port: number): string {
  const host = isIPv6(name) ? `[${name}]` : name
  return port === 80 ? host : `${host}:${port}` // clients leave HTTP's own port out
}
