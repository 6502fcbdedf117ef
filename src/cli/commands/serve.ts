import { once } from 'node:events'
import { join } from 'node:path'
import { InputError } from '../../core/errors'
import { openInBrowser } from '../../profiler/openInBrowser'
import type { Profiler } from '../../profiler/profiler'
import { startServer } from '../../server/startServer'
import { exitCodes, type ExitCode } from '../exitCodes'
import type { Terminal } from '../terminal'

interface ServeOptions {
  readonly host?: string
  readonly port?: string
  /** Whose names /metrics gives the figures. */
  readonly metrics?: string
  /** Whether a browser is to show the page. */
  readonly open?: boolean
}

/** Serves the dashboard until it is told to end, and prints its URL. */
export async function serve(
  profiler: Profiler,
  { out, err }: Terminal,
  { host = '127.0.0.1', port = '0', metrics = 'headroom', open = false }: ServeOptions,
): Promise<ExitCode> {
  const pageFolder = join(import.meta.dirname, '../renderer')
  const dcgm = readMetrics(metrics) === 'dcgm'
  const server = await startServer({
    router: profiler.router,
    pageFolder,
    metrics: () => profiler.metrics({ dcgm }),
    host,
    port: readPort(port),
  })
  out.line(`Headroom is at ${server.url}`)
  if (!isLoopback(host))
    err.line(
      '! open to the network without encryption: whoever reads the URL on its way has access',
    )
  err.line('Stop it with Ctrl+C.')
  if (open && !openInBrowser(server.url))
    err.line('No browser to open here: open the URL yourself.')
  await Promise.race(['SIGINT', 'SIGTERM', 'SIGHUP'].map((signal) => once(process, signal)))
  await server.close()
  return exitCodes.ok
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || host.startsWith('127.')
}

function readMetrics(text: string): 'headroom' | 'dcgm' {
  if (text === 'headroom' || text === 'dcgm') return text
  throw new InputError({
    code: 'INVALID_VALUE',
    path: '--metrics',
    message: `"${text}" is not known, give headroom or dcgm`,
  })
}

function readPort(text: string): number {
  const port = /^\d+$/.test(text) ? Number(text) : Number.NaN
  if (port >= 0 && port <= 65_535) return port
  throw new InputError({
    code: 'INVALID_VALUE',
    path: '--port',
    message: `"${text}" is no port, give a number from 1 to 65535, or 0 for a free one`,
  })
}
