import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'

export interface WebHost {
  /** The page's address, with the token in its fragment. */
  readonly url: string
  close(): Promise<void>
}

/** Starts `headroom serve` as a user would and waits for the URL that it prints. */
export async function serveWeb(
  dataFolder: string,
  environment: Readonly<Record<string, string>> = {},
): Promise<WebHost> {
  const server = spawn(process.execPath, ['bin/headroom.cjs', 'serve'], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, ...environment, HEADROOM_DATA: dataFolder },
  })
  const exited = once(server, 'exit')
  for await (const line of createInterface(server.stdout)) {
    const [url] = /http:\/\/\S+/.exec(line) ?? []
    if (!url) continue
    server.stdout.resume()
    return {
      url,
      async close() {
        server.kill()
        await exited
      },
    }
  }
  throw new Error(`headroom serve ended without a URL: ${String(await exited)}`)
}
