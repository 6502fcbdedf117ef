import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createTestRouter } from '../../test/hostRouter'
import { startTestServer, status } from '../../test/testServer'
import { startServer } from './startServer'

const around = mkdtempSync(join(tmpdir(), 'headroom-server-'))
const pageFolder = join(around, 'renderer')
mkdirSync(pageFolder)
writeFileSync(join(pageFolder, 'index.html'), '<title>Headroom</title>')
writeFileSync(join(around, 'secret.js'), 'SECRET')
afterAll(() => rmSync(around, { recursive: true }))

type TestServer = Awaited<ReturnType<typeof startTestServer>>
let server: TestServer
beforeEach(async () => {
  server = await startTestServer({ pageFolder })
})
afterEach(() => server.close())

describe('what is served', () => {
  it('serves files of the build under their policy and none from outside', async () => {
    const { mkdirSync } = await import('node:fs')
    mkdirSync(pageFolder, { recursive: true })
    writeFileSync(join(pageFolder, 'index.html'), '<title>Headroom</title>')
    const page = await server.request('/', {})
    expect(page).toContain('<title>Headroom</title>')
    expect(page.toLowerCase()).toContain("content-security-policy: default-src 'none'")
    for (const path of ['/../secret.js', '/%2e%2e/secret.js', '/..%2fsecret.js', '/..\\secret.js'])
      expect(await status(server.request(path, {})), path).toBeOneOf([400, 404])
    expect(await status(server.request('/', {}, 'POST'))).toBe(404)
  })

  it('never writes the token to the log or into an answer', async () => {
    const logs = [vi.spyOn(console, 'error'), vi.spyOn(console, 'log'), vi.spyOn(console, 'warn')]
    logs.forEach((log) => log.mockImplementation(() => {}))
    const answers = await Promise.all([
      server.callApi('/devices', {}, '{"refresh":true}'), // a bug of ours
      server.callApi('/devices', {}, '{'),
      server.callApi(`/${server.token}`, {}),
      server.request(`/${server.token}`, {}),
    ])
    const written = JSON.stringify([answers, ...logs.map((log) => log.mock.calls)])
    expect(answers[0]).toContain('500 Internal Server Error')
    expect(written).not.toContain(server.token)
    vi.restoreAllMocks()
  })

  it('refuses bodies over a mebibyte and answers bad ones by name', async () => {
    const tooLarge = JSON.stringify({ id: 'x'.repeat(1024 * 1024) })
    expect(await status(server.callApi('/history/get', {}, tooLarge))).toBe(413)
    const badField = await server.callApi('/history/get', {}, '{"id":7}')
    expect(badField).toMatch(/^HTTP\/1\.1 400 /)
    expect(badField).toContain('"path":["id"]')
    vi.spyOn(console, 'error').mockImplementation(() => {})
    const nested = `${'['.repeat(400_000)}${']'.repeat(400_000)}`
    expect(await status(server.callApi('/history/get', {}, nested))).toBe(400)
    vi.restoreAllMocks()
  })
})

describe('where it cannot listen', () => {
  it('says which option is wrong and what to do', async () => {
    const { router } = createTestRouter()
    const metrics = () => ''
    await expect(
      startServer({ router, pageFolder, metrics, port: server.port }),
    ).rejects.toMatchObject({
      name: 'InputError',
      path: 'port',
      message: `port ${server.port} is in use, choose another or 0 for a free one`,
    })
    await expect(
      startServer({ router, pageFolder, metrics, host: '192.0.2.1' }),
    ).rejects.toMatchObject({
      name: 'InputError',
      path: 'host',
    })
  })
})
