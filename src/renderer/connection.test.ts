import type { ClientContext, ClientLink } from '@orpc/client'
import { describe, expect, it } from 'vitest'
import { createConnection, reconnectDelayMs } from './connection'

/** A server whose sockets open and close when the test says so. */
function createServer({ refuses = false } = {}) {
  const sockets: EventTarget[] = []
  const waits: { ms: number; callback: () => void }[] = []
  const connection = createConnection(
    {
      open() {
        const socket = new EventTarget()
        sockets.push(socket)
        return socket
      },
      linkOver: (socket): ClientLink<ClientContext> => ({
        call: () => Promise.resolve(`answer of socket ${sockets.indexOf(socket)}`),
      }),
      isRefused: () => Promise.resolve(refuses),
    },
    (ms, callback) => waits.push({ ms, callback }),
  )
  return {
    connection,
    sockets,
    waits,
    call: () => connection.link.call(['about'], undefined, { context: {} }),
    tell: (event: 'open' | 'close') => sockets.at(-1)?.dispatchEvent(new Event(event)),
    /** After promises that are due have settled. */
    settle: () => new Promise((resolve) => setImmediate(resolve)),
  }
}

describe('createConnection', () => {
  it('lets calls wait for the first socket', async () => {
    const { call, tell, connection } = createServer()
    const answer = call()
    expect(connection.status.getState()).toBe('connecting')
    tell('open')
    expect(await answer).toBe('answer of socket 0')
    expect(connection.status.getState()).toBe('open')
  })

  it('opens another socket when one closes, and sends waiting calls over that', async () => {
    const { call, tell, waits, connection, settle } = createServer()
    tell('open')
    tell('close')
    await settle()
    expect(connection.status.getState()).toBe('reconnecting')
    const answer = call()
    waits[0]?.callback()
    tell('open')
    expect(await answer).toBe('answer of socket 1')
  })

  it('waits longer after each failure in a row', async () => {
    const { tell, waits, settle } = createServer()
    tell('open')
    for (let failure = 0; failure < 3; failure += 1) {
      tell('close')
      await settle()
      waits[failure]?.callback()
    }
    expect(waits.map(({ ms }) => ms)).toEqual([250, 500, 1000])
  })

  it('gives up where the server refuses the token', async () => {
    const { call, tell, waits, connection, settle } = createServer({ refuses: true })
    const answered = Promise.allSettled([call()])
    tell('close')
    await settle()
    expect(connection.status.getState()).toBe('refused')
    const [answer] = await answered
    expect(answer).toMatchObject({
      status: 'rejected',
      reason: { message: 'the server does not accept the token of this page' },
    })
    expect(waits).toEqual([])
  })
})

describe('reconnectDelayMs', () => {
  it('doubles up to eight seconds', () => {
    expect([1, 2, 3, 6, 7, 2000].map(reconnectDelayMs)).toEqual([250, 500, 1000, 8000, 8000, 8000])
  })
})
