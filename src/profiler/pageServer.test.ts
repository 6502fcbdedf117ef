import { createORPCClient } from '@orpc/client'
import { RPCLink } from '@orpc/client/message-port'
import type { ContractRouterClient } from '@orpc/contract'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createTestRouter } from '../../test/hostRouter'
import type { hostContract } from '../protocol/contract'
import { createPageServer } from './pageServer'

type Listener = (message: unknown) => void

/** A host in the same process. Its pages have their end of the channel in the open. */
function startHost() {
  const { router, streams } = createTestRouter()
  const connect = createPageServer(router)
  return { streams, openPage: () => openPage(connect) }
}

function openPage(connect: ReturnType<typeof createPageServer>) {
  const toHost: Listener[] = []
  const toPage: Listener[] = []
  const closed: (() => void)[] = []
  connect({
    send: (message) => toPage.forEach((listener) => listener(message)),
    onMessage: (listener) => toHost.push(listener),
    onClose: (listener) => closed.push(listener),
  })
  const post = (message: unknown) => toHost.forEach((listener) => listener(message))
  const link = new RPCLink({
    port: {
      on(event: string, callback: (event?: { data: unknown }) => void) {
        if (event === 'message') toPage.push((data) => callback({ data }))
      },
      postMessage: post,
    },
  })
  const client: ContractRouterClient<typeof hostContract> = createORPCClient(link)
  return { client, post, close: () => closed.forEach((listener) => listener()) }
}

describe('a page', () => {
  it('calls a procedure and gets the typed error of another', async () => {
    const { client } = startHost().openPage()
    await expect(client.about()).resolves.toMatchObject({ version: '1.2.3' })
    await expect(client.history.get({ id: 'x' })).rejects.toMatchObject({ code: 'NOT_FOUND' })
  })

  it('ends its streams when it goes away', async () => {
    const { streams, openPage } = startHost()
    const { client, close } = openPage()
    const events = await client.runs.events({ id: 'x', after: 4 })
    expect((await events.next()).value).toMatchObject({ sequence: 5 })
    expect(streams.open).toBe(1)
    close()
    await vi.waitFor(() => expect(streams.open).toBe(0), 20_000)
  })
})

describe('a hostile page', () => {
  beforeEach(() => void vi.spyOn(console, 'error').mockImplementation(() => {}))
  afterEach(() => vi.restoreAllMocks())

  it('is told which field is wrong, and nothing of how the host works', async () => {
    const { client } = startHost().openPage()
    await expect(client.runs.events({ id: 7, after: 0 } as never)).rejects.toMatchObject({
      code: 'BAD_REQUEST',
      data: { issues: [{ path: ['id'] }] },
    })
    await expect(client.devices({ refresh: true })).rejects.toMatchObject({
      code: 'INTERNAL_SERVER_ERROR',
      message: 'Internal server error',
    })
    expect(console.error).toHaveBeenCalledWith(new Error('not part of this test'))
  })

  it('cannot disturb the host by 10 000 messages of any shape', async () => {
    const { openPage, streams } = startHost()
    const { post, close } = openPage()
    const request = fc.record(
      {
        i: fc.oneof(fc.integer(), fc.string(), fc.constant(null)),
        t: fc.oneof(fc.constantFrom(1, 2, 3, 4), fc.anything()),
        p: fc.oneof(
          fc.record(
            {
              u: fc.constantFrom('/about', '/runs/events', '/__proto__', '//', 'http://', '/x'),
              m: fc.constantFrom('GET', 'POST', '', '\0'),
              h: fc.dictionary(
                fc.constantFrom('content-type', 'content-disposition'),
                fc.constantFrom('text/event-stream', 'multipart/form-data', 'x; filename="y"'),
              ),
              b: fc.oneof(
                fc.anything(),
                fc.constant({ json: {}, meta: [[1, '__proto__', 'polluted']] }),
                fc.constant({ json: { id: 'x', after: 0 }, meta: [[0, 'constructor', 'y']] }),
              ),
            },
            { requiredKeys: [] },
          ),
          fc.anything(),
        ),
      },
      { requiredKeys: [] },
    )
    const message = fc.oneof(
      fc.anything(),
      fc.string(),
      fc.uint8Array(),
      fc.json(),
      request.map((value) => toJson(value)),
      request.map((value) => new TextEncoder().encode(`${toJson(value)}\xff`)),
      request,
    )
    fc.assert(
      fc.property(message, (value) => post(value)),
      { numRuns: 10_000, seed: 20 },
    )
    const { client } = openPage()
    await expect(client.about()).resolves.toMatchObject({ version: '1.2.3' })
    close()
    await vi.waitFor(() => expect(streams.open).toBe(0), 20_000)
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined()
  })
})

function toJson(value: unknown): string {
  return JSON.stringify(value, (_key, item: unknown) => (typeof item === 'bigint' ? 0 : item)) ?? ''
}
