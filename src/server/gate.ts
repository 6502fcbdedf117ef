import type { IncomingMessage } from 'node:http'
import { tokensMatch } from './accessToken'
import type { FailureLimiter } from './failureLimiter'

// A server on loopback is open to every page that the person's browser shows: pages of other sites
// may send requests here, and a name that they own may resolve to this address (DNS rebinding).
// Host and Origin are therefore compared, as exact strings, with what this server calls itself;
// what reads or changes anything needs the token besides.

/** Why a request is not answered. */
export interface Refusal {
  readonly status: 400 | 401 | 403 | 429
  readonly reason: string
}

export interface Gate {
  /** For anything at all. */
  checkHost(request: IncomingMessage): Refusal | null
  /** For what the token guards; browsers send an Origin, other programs an Authorization header. */
  checkAccess(request: IncomingMessage): Refusal | null
}

interface GateOptions {
  readonly token: string
  /** `name:port` as clients may write it. Read at every request: the port is known only later. */
  readonly allowedHosts: () => readonly string[]
  readonly limiter: FailureLimiter
}

export function createGate({ token, allowedHosts, limiter }: GateOptions): Gate {
  function checkHost(request: IncomingMessage): Refusal | null {
    const hosts = headerValues(request, 'host')
    const [host] = hosts
    // A target like http://elsewhere/ would overrule the Host header.
    if (!request.url?.startsWith('/')) return { status: 400, reason: 'bad request target' }
    if (hosts.length !== 1 || host === undefined || !allowedHosts().includes(host))
      return { status: 403, reason: 'Host is not this server' }
    return null
  }

  function checkOrigin(request: IncomingMessage): Refusal | null {
    const origins = headerValues(request, 'origin')
    const own = `http://${request.headers.host}`
    if (origins.length === 0 && request.headers.authorization !== undefined) return null
    return origins.length === 1 && origins[0] === own
      ? null
      : { status: 403, reason: 'Origin is not this server' }
  }

  function checkToken(request: IncomingMessage): Refusal | null {
    const address = request.socket.remoteAddress ?? ''
    if (limiter.isBlocked(address)) return { status: 429, reason: 'too many wrong tokens' }
    const sent = sentToken(request)
    if (sent !== null && tokensMatch(sent, token)) return null
    limiter.recordFailure(address)
    return { status: 401, reason: 'the token is missing or wrong' }
  }

  return {
    checkHost,
    checkAccess: (request) => checkHost(request) ?? checkOrigin(request) ?? checkToken(request),
  }
}

/** From `Authorization: Bearer TOKEN`, or from the WebSocket subprotocols `headroom, TOKEN`. */
function sentToken(request: IncomingMessage): string | null {
  const { authorization, 'sec-websocket-protocol': protocols } = request.headers
  if (authorization !== undefined) return /^Bearer ([\w-]+)$/.exec(authorization)?.[1] ?? null
  return /^headroom, ?([\w-]+)$/.exec(protocols ?? '')?.[1] ?? null
}

/** Every value of a header, where Node's `headers` would keep the first and drop the others. */
function headerValues(request: IncomingMessage, name: string): readonly string[] {
  const { rawHeaders } = request
  return rawHeaders.filter(
    (_value, index) => index % 2 === 1 && rawHeaders[index - 1]?.toLowerCase() === name,
  )
}
