import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { defaultWorkload } from '../core/plan/workload'
import { type Headers, sendRaw, startTestServer, status } from '../../test/testServer'

type TestServer = Awaited<ReturnType<typeof startTestServer>>
let server: TestServer
beforeEach(async () => {
  server = await startTestServer()
})
afterEach(() => server.close())

describe('who may connect', () => {
  it('answers a page of its own over a WebSocket that never echoes the token', async () => {
    const { socket, client } = server.openPage()
    await expect(client.about()).resolves.toMatchObject({ version: '1.2.3' })
    expect(socket.protocol).toBe('headroom')
    socket.close()
  })

  it('answers other programs by their Authorization header, without an Origin', async () => {
    expect(await server.callApi('/about', {})).toContain('"version":"1.2.3"')
    expect(await server.callApi('/runs/current', {})).toContain('{"id":null}')
    expect(await status(server.callApi('/about', { Origin: server.origin }))).toBe(200)
  })

  it('makes a token of 192 bits, another at every start', async () => {
    expect(Buffer.from(server.token, 'base64url')).toHaveLength(24)
    const before = server.token
    await server.close()
    server = await startTestServer()
    expect(server.token).not.toBe(before)
    expect(server.url).toBe(`${server.origin}/#token=${server.token}`)
  })

  it('tells metrics to who has the token, as Prometheus asks for them', async () => {
    const metrics = (headers: Headers) => server.request('/metrics', headers)
    const answer = await metrics({ Authorization: `Bearer ${server.token}` })
    expect(answer).toMatch(/^HTTP\/1\.1 200 /)
    expect(answer.toLowerCase()).toContain('content-type: text/plain; version=0.0.4')
    expect(answer).toContain('metric 1\n')
    expect(await status(metrics({ Authorization: 'Bearer wrong' }))).toBe(401)
    expect(await status(metrics({}))).toBe(403) // neither a page of its own nor a program with a token
    const elsewhere = { Authorization: `Bearer ${server.token}`, Host: 'attacker.example' }
    expect(await status(metrics(elsewhere))).toBe(403)
  })

  it('lets several look and one of them act', async () => {
    const first = server.openPage()
    await first.client.about()
    const second = server.openPage()
    const told = await second.client.viewers.follow({ viewerId: null })
    expect((await told.next()).value).toEqual({ viewerCount: 2, isInControl: false })
    await expect(second.client.runs.cancel({ id: 'x' })).rejects.toMatchObject({
      code: 'FORBIDDEN',
      message: 'somebody else is in control: take control first, or wait',
    })
    const search = {
      workload: defaultWorkload,
      sequenceLengths: null,
      memoryLimitBytes: null,
      timeLimitMs: 1000,
    }
    await expect(second.client.frontier(search)).rejects.toMatchObject({ code: 'FORBIDDEN' })
    await expect(first.client.runs.cancel({ id: 'x' })).resolves.toBeUndefined()
    await second.client.viewers.take()
    expect((await told.next()).value).toEqual({ viewerCount: 2, isInControl: true })
    await expect(first.client.runs.cancel({ id: 'x' })).rejects.toMatchObject({ code: 'FORBIDDEN' })
    second.socket.close() // control goes back to who is left
    const back = await first.client.viewers.follow({ viewerId: null })
    for await (const { isInControl } of back) if (isInControl) break
    await expect(first.client.runs.cancel({ id: 'x' })).resolves.toBeUndefined()
    first.socket.close()
  })

  const wrongTokens = {
    none: () => '',
    wrong: () => 'A'.repeat(32),
    'a prefix': () => server.token.slice(0, -1),
    'more than': () => `${server.token}A`,
    'another case of': () => server.token.toLowerCase(),
  }
  it.each(Object.entries(wrongTokens))('refuses %s token', async (_name, token) => {
    expect(await server.handshake({ 'Sec-WebSocket-Protocol': `headroom, ${token()}` })).toBe(401)
    expect(await server.handshake({ 'Sec-WebSocket-Protocol': token() || null })).toBe(401)
    expect(await status(server.callApi('/about', { Authorization: `Bearer ${token()}` }))).toBe(401)
  })

  it('refuses the token anywhere else', async () => {
    const { token } = server
    const elsewhere = { 'Sec-WebSocket-Protocol': null, Cookie: `token=${token}` }
    expect(await server.handshake(elsewhere)).toBe(401)
    expect(await server.handshake(elsewhere, `/rpc?token=${token}`)).toBe(404)
    expect(
      await status(
        server.callApi(`/about?token=${token}`, { Authorization: null, Origin: server.origin }),
      ),
    ).toBe(401)
    expect(await status(server.callApi('/about', { Authorization: `Basic ${token}` }))).toBe(401)
  })

  const wrongHosts = (): readonly (string | readonly string[] | null)[] => [
    null,
    '',
    'attacker.example',
    `attacker.example:${server.port}`,
    `127.0.0.1.attacker.example:${server.port}`,
    `attacker.example/@127.0.0.1:${server.port}`,
    '127.0.0.1',
    `127.0.0.1:${server.port + 1}`,
    `127.0.0.1:${server.port}.attacker.example`,
    `LOCALHOST:${server.port}`,
    `localhost.:${server.port}`,
    `0.0.0.0:${server.port}`,
    `2130706433:${server.port}`, // 127.0.0.1 as one number
    [server.host, 'attacker.example'],
    [server.host, server.host],
  ]
  it('refuses every Host but its own names, for pages and calls alike', async () => {
    const refusedAsBad = [400, 403] // Node itself answers some of them with 400
    for (const wrong of wrongHosts()) {
      expect(refusedAsBad, `page, ${String(wrong)}`).toContain(
        await status(server.request('/', { Host: wrong })),
      )
      expect(refusedAsBad, `call, ${String(wrong)}`).toContain(
        await status(server.callApi('/about', { Host: wrong })),
      )
      expect(refusedAsBad, `socket, ${String(wrong)}`).toContain(
        await server.handshake({ Host: wrong }),
      )
    }
    expect(await status(sendRaw(server.port, 'GET / HTTP/1.0\r\n\r\n'))).toBeGreaterThanOrEqual(400)
    expect(await status(server.request('http://attacker.example/', {}))).toBe(400)
  })

  it('refuses every Origin but its own', async () => {
    const wrongOrigins: readonly (string | readonly string[])[] = [
      'null',
      '',
      'http://attacker.example',
      `http://attacker.example:${server.port}`,
      `${server.origin}.attacker.example`,
      `${server.origin}/`,
      `https://${server.host}`,
      `http://user@${server.host}`,
      `http://127.0.0.1`,
      `http://127.0.0.1:${server.port + 1}`,
      `HTTP://${server.host}`,
      `http://localhost:${server.port}`, // another name than the Host that was asked
      [server.origin, 'http://attacker.example'],
    ]
    for (const Origin of wrongOrigins) {
      expect(await server.handshake({ Origin }), `socket, ${String(Origin)}`).toBe(403)
      expect(await status(server.callApi('/about', { Origin })), `call, ${String(Origin)}`).toBe(
        403,
      )
    }
    expect(await server.handshake({ Origin: null })).toBe(403)
    expect(
      await server.handshake({
        Origin: `http://localhost:${server.port}`,
        Host: `localhost:${server.port}`,
      }),
    ).toBe(101)
  })

  it('gives other sites no permission by CORS', async () => {
    const preflight = await server.request(
      '/api/about',
      { Origin: 'http://attacker.example', 'Access-Control-Request-Method': 'POST' },
      'OPTIONS',
    )
    expect(preflight).toMatch(/^HTTP\/1\.1 403 /)
    expect(preflight.toLowerCase()).not.toContain('access-control-allow')
  })

  it('stops answering calls of an address after ten wrong tokens, and serves who is connected', async () => {
    const { socket, client } = server.openPage()
    await client.about()
    const wrong = { 'Sec-WebSocket-Protocol': 'headroom, wrong' }
    for (let i = 0; i < 10; i += 1) expect(await server.handshake(wrong)).toBe(401)
    expect(await server.handshake(wrong)).toBe(429)
    expect(await status(server.callApi('/about', {}))).toBe(429)
    await expect(client.about()).resolves.toMatchObject({ version: '1.2.3' })
    socket.close()
  })
})
