import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type TestWheel, wheelBytes, wheelFileName } from './wheelFile'

/** What the index does with the file of a package. */
export type Mischief = 'cut' | 'wrongChecksum' | 'hang'

/** A package index on loopback, by PEP 503: what pip asks PyPI for, and nothing else. */
export interface PackageIndex {
  readonly url: string
  /** Names of the files that were asked for, in order. */
  readonly served: readonly string[]
  readonly mischief: Map<string, Mischief>
  close(): Promise<void>
}

export async function startPackageIndex(wheels: readonly TestWheel[]): Promise<PackageIndex> {
  const served: string[] = []
  const mischief = new Map<string, Mischief>()
  const files = new Map(wheels.map((wheel) => [wheelFileName(wheel), wheelBytes(wheel)]))
  const listing = (name: string) =>
    wheels
      .filter((wheel) => wheel.name === name)
      .map((wheel) => {
        const file = wheelFileName(wheel)
        const content = mischief.get(name) === 'wrongChecksum' ? 'another' : files.get(file)!
        const hash = createHash('sha256').update(content).digest('hex')
        return `<a href="/files/${file}#sha256=${hash}">${file}</a>`
      })
      .join('\n')
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
    else if (listing(name) === '') response.writeHead(404).end()
    else response.writeHead(200, { 'content-type': 'text/html' }).end(listing(name))
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
