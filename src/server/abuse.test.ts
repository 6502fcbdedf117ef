import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import type { WebSocket } from 'ws'
import { type Headers, startTestServer } from '../../test/testServer'

type TestServer = Awaited<ReturnType<typeof startTestServer>>
let server: TestServer
beforeEach(async () => {
  vi.spyOn(console, 'error').mockImplementation(() => {})
  server = await startTestServer()
})
afterEach(async () => {
  vi.restoreAllMocks()
  await server.close()
})

async function expectHealthy(): Promise<void> {
  const { socket, client } = server.openPage()
  await expect(client.about()).resolves.toMatchObject({ version: '1.2.3' })
  socket.close()
}

it.each([
  ['more than a mebibyte', 1009, (socket: WebSocket) => socket.send('x'.repeat(1024 * 1024 + 1))],
  ['text that is not UTF-8', 1007, (socket: WebSocket) => rawSocket(socket).write(badUtf8)],
  ['an unmasked frame', 1002, (socket: WebSocket) => rawSocket(socket).write(unmasked)],
])('closes the socket of who sends %s', async (_what, code, misbehave) => {
  const { socket } = server.openPage()
  await once(socket, 'open')
  misbehave(socket)
  const [closeCode] = (await once(socket, 'close')) as [number]
  expect(closeCode).toBe(code)
  await expectHealthy()
})

it('survives deep nesting, unknown procedures and repeated requests', async () => {
  const { socket, client } = server.openPage()
  await client.about()
  socket.send('['.repeat(1_000_000))
  socket.send(`{"i":"9","p":{"u":"/about","b":${'['.repeat(400_000)}${']'.repeat(400_000)}}}`)
  socket.send('{"i":"10","p":{"u":"/runs/start/../../about"}}')
  socket.send('{"i":"11","p":{"u":"/constructor"}}')
  for (let i = 0; i < 100; i += 1) socket.send('{"i":"12","p":{"u":"/about"}}')
  await expect(client.about()).resolves.toMatchObject({ version: '1.2.3' })
  socket.close()
})

it('drops connections that do not finish their request, and serves others meanwhile', async () => {
  await server.close()
  server = await startTestServer({ patienceMs: 1000 })
  const halfOpen = await Promise.all(
    Array.from({ length: 300 }, async () => {
      const socket = connect(server.port, '127.0.0.1')
      socket.on('error', () => {}).resume()
      await once(socket, 'connect')
      socket.write('GET / HTTP/1.1\r\nHost: ')
      return socket
    }),
  )
  await expectHealthy()
  await vi.waitFor(() => expect(halfOpen.every((socket) => socket.closed)).toBe(true), {
    timeout: 20_000,
  })
})

it('drops a socket whose page no longer answers, and ends its streams', async () => {
  await server.close()
  server = await startTestServer({ patienceMs: 1000 })
  const { socket, client } = server.openPage()
  const events = await client.runs.events({ id: 'x', after: -1 })
  await events.next()
  expect(server.streams.open).toBe(1)
  socket.pause() // neither reads nor answers pings
  await vi.waitFor(() => expect(server.streams.open).toBe(0), { timeout: 20_000 })
  socket.terminate()
})

it('lets a page that reads slowly slow its own stream instead of filling memory', async () => {
  const { socket, client } = server.openPage()
  const events = await client.runs.events({ id: 'x', after: -1 })
  await events.next()
  socket.pause()
  // What the two systems' socket buffers take; after that nothing more is produced.
  let before = -1
  await vi.waitFor(
    () => {
      const isStanding = server.streams.sent === before
      before = server.streams.sent
      expect(isStanding).toBe(true)
    },
    { timeout: 20_000, interval: 200 },
  )
  socket.resume()
  await vi.waitFor(() => expect(server.streams.sent).toBeGreaterThan(before), 20_000)
  socket.terminate()
})

it('accepts none of 10,000 bad handshakes, and answers a page that was there before them', async () => {
  // The clock stands still: no wrong token is forgotten while the ten thousand are sent.
  await server.close()
  server = await startTestServer({ now: () => 0 })
  const { socket, client } = server.openPage()
  await client.about()
  const kinds: readonly Headers[] = [
    { 'Sec-WebSocket-Protocol': `headroom, ${'A'.repeat(32)}` },
    { 'Sec-WebSocket-Protocol': null },
    { Origin: 'http://attacker.example' },
    { Host: 'attacker.example' },
  ]
  const together = 100
  const statuses = new Map<number, number>()
  for (let sent = 0; sent < 10_000; sent += together) {
    const answers = Array.from({ length: together }, (_, index) =>
      server.handshake(kinds[index % kinds.length]!),
    )
    const healthy = client.about()
    for (const answer of await Promise.all(answers)) {
      statuses.set(answer, (statuses.get(answer) ?? 0) + 1)
    }
    await expect(healthy).resolves.toMatchObject({ version: '1.2.3' })
  }
  // Ten wrong tokens are told so, the other 4,990 are not even looked at.
  expect(Object.fromEntries(statuses)).toEqual({ 401: 10, 403: 5_000, 429: 4_990 })
  socket.close()
}, 120_000)

/** A final text frame of two bytes that no UTF-8 text contains, masked with zeros. */
const badUtf8 = Buffer.from([0x81, 0x82, 0, 0, 0, 0, 0xc3, 0x28])
/** A final text frame 'hi' as only servers send it. */
const unmasked = Buffer.from([0x81, 0x02, 0x68, 0x69])

function rawSocket(socket: WebSocket): Socket {
  return (socket as unknown as { _socket: Socket })._socket
}
