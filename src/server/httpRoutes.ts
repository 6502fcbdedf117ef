import type { HttpBindings } from '@hono/node-server'
import { OpenAPIHandler } from '@orpc/openapi/fetch'
import { Hono, type Context } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import type { HostRouter } from '../profiler/pageServer'
import { readPageFile } from '../profiler/pageFiles'
import type { Gate, Refusal } from './gate'

type Env = { Bindings: HttpBindings }

/** A request carries a workload or a few hundred clipping thresholds; nothing needs more. */
const maxBodyBytes = 1024 * 1024

interface HttpRoutesOptions {
  readonly router: HostRouter
  /** The renderer's build. */
  readonly pageFolder: string
  readonly gate: Gate
  /** What Prometheus reads at /metrics; must answer at once. */
  readonly metrics: () => string
}

/** The text format that every version of Prometheus reads. */
const metricsType = 'text/plain; version=0.0.4; charset=utf-8'

/** The page's files for everybody who can reach the server, and the contract as REST under /api for the token. */
export function createHttpRoutes({
  router,
  pageFolder,
  gate,
  metrics,
}: HttpRoutesOptions): Hono<Env> {
  const api = new OpenAPIHandler(router)
  const app = new Hono<Env>()
  app.use(async (c, next) => {
    const refusal = gate.checkHost(c.env.incoming)
    return refusal ? refuse(c, refusal) : next()
  })
  app.get('/metrics', (c) => {
    const refusal = gate.checkAccess(c.env.incoming)
    return refusal ? refuse(c, refusal) : c.body(metrics(), 200, { 'Content-Type': metricsType })
  })
  app.use('/api/*', async (c, next) => {
    const refusal = gate.checkAccess(c.env.incoming)
    return refusal ? refuse(c, refusal) : next()
  })
  app.use(
    '/api/*',
    bodyLimit({ maxSize: maxBodyBytes, onError: (c) => c.text('the body is too large', 413) }),
  )
  app.all('/api/*', async (c) => {
    const { matched, response } = await api.handle(c.req.raw, { prefix: '/api', context: {} })
    return matched ? response : c.notFound()
  })
  app.get('*', async (c) => {
    const file = await readPageFile(pageFolder, new URL(c.req.url).pathname)
    return file ? c.body(file.body, 200, { ...file.headers }) : c.notFound()
  })
  app.notFound((c) => c.text('not found', 404))
  app.onError((error, c) => {
    console.error(error)
    return c.text('internal error', 500)
  })
  return app
}

function refuse(c: Context<Env>, { status, reason }: Refusal): Response {
  return c.text(reason, status)
}
