import { protocol } from 'electron'
import { readPageFile } from '../profiler/pageFiles'

export const appUrl = 'app://headroom/'

/** Makes app:// a scheme with an origin of its own. Must run before the application is ready. */
export function registerAppScheme(): void {
  const privileges = { standard: true, secure: true, supportFetchAPI: true, codeCache: true }
  protocol.registerSchemesAsPrivileged([{ scheme: 'app', privileges }])
}

/** Serves app://headroom/… from the renderer's build, and nothing outside it. */
export function servePageFiles(folder: string): void {
  protocol.handle('app', async (request) => {
    const { host, pathname } = new URL(request.url)
    const isServed = host === new URL(appUrl).host && request.method === 'GET'
    const file = isServed ? await readPageFile(folder, pathname) : null
    return file
      ? new Response(file.body, { headers: { ...file.headers } })
      : new Response('not found', { status: 404 })
  })
}
