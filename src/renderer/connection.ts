import type { ClientContext, ClientLink } from '@orpc/client'
import { createStore, type StoreApi } from 'zustand/vanilla'

// A socket to the web host closes when the server restarts, the laptop sleeps or the network changes.
// Calls that were open then fail; new ones wait for the next socket.

export type ConnectionStatus = 'connecting' | 'open' | 'reconnecting' | 'refused'

export interface Connection {
  readonly link: ClientLink<ClientContext>
  readonly status: StoreApi<ConnectionStatus>
}

export interface Connector<Socket extends SocketEvents> {
  open(): Socket
  linkOver(socket: Socket): ClientLink<ClientContext>
  /** Asked when a socket never opened; rejects where the server cannot be reached at all. */
  isRefused(): Promise<boolean>
}

interface SocketEvents {
  addEventListener(type: 'open' | 'close', listener: () => void): void
}

const firstDelayMs = 250
const longestDelayMs = 8000

/** Wait before the n-th attempt in a row that failed, n from 1: doubled each time, up to 8 s. */
export function reconnectDelayMs(failures: number): number {
  return Math.min(longestDelayMs, firstDelayMs * 2 ** (failures - 1))
}

/** Keeps one socket open, with a new one whenever it closes, until the server refuses the token. */
export function createConnection<Socket extends SocketEvents>(
  connector: Connector<Socket>,
  wait: (ms: number, callback: () => void) => void = (ms, callback) => setTimeout(callback, ms),
): Connection {
  const status = createStore<ConnectionStatus>(() => 'connecting')
  let current = nextLink()
  let failures = 0

  function connect(): void {
    let opened = false
    let socket: Socket
    try {
      socket = connector.open()
    } catch (error) {
      refuse(error) // a token that no subprotocol can carry
      return
    }
    socket.addEventListener('open', () => {
      opened = true
      failures = 0
      status.setState('open', true)
      current.resolve(connector.linkOver(socket))
    })
    // Before the link's own listener: whoever sees a call fail finds the status that explains it.
    socket.addEventListener('close', () => {
      if (opened) current = nextLink()
      status.setState('reconnecting', true)
      void retry(opened)
    })
  }

  async function retry(wasOpen: boolean): Promise<void> {
    const refused = !wasOpen && (await connector.isRefused().catch(() => false))
    if (refused) {
      refuse(new Error('the server does not accept the token of this page'))
      return
    }
    failures += 1
    wait(reconnectDelayMs(failures), connect)
  }

  function refuse(reason: unknown): void {
    current.reject(reason)
    status.setState('refused', true)
  }

  connect()
  return {
    status,
    link: {
      call: async (path, input, options) => (await current.promise).call(path, input, options),
    },
  }
}

/** A link that will be there once a socket has opened. */
function nextLink() {
  let resolve!: (link: ClientLink<ClientContext>) => void
  let reject!: (reason: unknown) => void
  const promise = new Promise<ClientLink<ClientContext>>((...settle) => {
    ;[resolve, reject] = settle
  })
  promise.catch(() => {}) // calls that wait report it; without any there is nobody to tell
  return { promise, resolve, reject }
}

/**
 * Whether a call failed because the connection was lost, resolved once there is a new one.
 * @param connection null on the desktop, which has none to lose
 */
export function isBackAfterLoss(connection: Pick<Connection, 'status'> | null): Promise<boolean> {
  if (!connection || connection.status.getState() === 'open') return Promise.resolve(false)
  return new Promise((resolve) => {
    const stop = connection.status.subscribe((status) => {
      if (status !== 'open' && status !== 'refused') return
      stop()
      resolve(status === 'open')
    })
  })
}
