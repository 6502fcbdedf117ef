import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type TestWheel, wheelBytes, wheelFileName } from './wheelFile'

/** What the index does with the file of a package. */
export type Mischief = 'cut' | 'wrongChecksum' | 'hang'

/** How the page of a package is answered: as PyPI does, as older indexes do, or not as it should be. */
export type IndexPages = 'json' | 'jsonWithoutSizes' | 'html' | 'nonsense' | 'unavailable'

/** A package index on loopback, by PEP 503 or 691: what pip asks PyPI for, and nothing else. */
export interface PackageIndex {
  readonly url: string
  /** Names of the files that were asked for, in order. */
  readonly served: readonly string[]
  readonly mischief: Map<string, Mischief>
  close(): Promise<void>
}

export async function startPackageIndex(
  wheels: readonly TestWheel[],
  pages: IndexPages = 'html',
): Promise<PackageIndex> {
  const served: string[] = []
  const mischief = new Map<string, Mischief>()
  const files = new Map(wheels.map((wheel) => [wheelFileName(wheel), wheelBytes(wheel)]))
  const hashOf = (name: string, file: string) =>
    createHash('sha256')
      .update(mischief.get(name) === 'wrongChecksum' ? 'another' : files.get(file)!)
      .digest('hex')
  const sendPage = (name: string, response: ServerResponse) => {
    const names = wheels.filter((wheel) => wheel.name === name).map(wheelFileName)
    if (pages === 'unavailable') return response.writeHead(503).end('try later')
    if (names.length === 0) return response.writeHead(404).end()
    if (pages === 'html') {
      const anchors = names.map(
        (file) => `<a href="/files/${file}#sha256=${hashOf(name, file)}">${file}</a>`,
      )
      return response.writeHead(200, { 'content-type': 'text/html' }).end(anchors.join('\n'))
    }
    response.writeHead(200, { 'content-type': 'application/vnd.pypi.simple.v1+json' })
    if (pages === 'nonsense') return response.end('<html>log in first</html>')
    const listed = names.map((file) => ({
      filename: file,
      url: `/files/${file}`,
      hashes: { sha256: hashOf(name, file) },
      ...(pages === 'json' ? { size: files.get(file)!.length } : {}),
    }))
    return response.end(JSON.stringify({ meta: { 'api-version': '1.1' }, name, files: listed }))
  }
  const sendFile = (file: string, response: ServerResponse) => {
    const bytes = files.get(file)
    const name = wheels.find((wheel) => wheelFileName(wheel) === file)?.name ?? ''
    if (!bytes) return response.writeHead(404).end()
    served.push(file)
    response.writeHead(200, { 'content-length': bytes.length, 'content-type': 'application/zip' })
    const how = mischief.get(name)
    if (how === 'hang') return response.write(bytes.subarray(0, 100))
    if (how !== 'cut') return response.end(bytes)
    return response.write(bytes.subarray(0, bytes.length / 2), () => response.destroy())
  }
  const server = createServer((request, response) => {
    const [, kind, name = ''] = (request.url ?? '').split('/')
    if (kind === 'files') sendFile(decodeURIComponent(name), response)
    else sendPage(name, response)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}/simple/`,
    served,
    mischief,
    async close() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}
