// @ts-check
import { spawn } from 'node:child_process'
import { once } from 'node:events'

/**
 * An X display of our own for windows that nobody needs to see, so that tests neither need a desktop
 * nor disturb one. The server itself picks a free number and says which once it is ready.
 * @returns {Promise<{ name: string, close(): Promise<void> } | null>} null where Xvfb cannot be started
 */
export async function openVirtualDisplay() {
  const screen = ['-screen', '0', '1440x900x24']
  const server = spawn('Xvfb', ['-displayfd', '3', ...screen, '-nolisten', 'tcp'], {
    stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
  })
  const exited = new Promise((resolve) => {
    server.once('error', () => resolve(null))
    server.once('exit', () => resolve(null))
  })
  const answer = /** @type {import('node:stream').Readable} */ (server.stdio[3])
  const number = await Promise.race([once(answer, 'data').then(String), exited])
  if (typeof number !== 'string') return null
  return {
    name: `:${number.trim()}`,
    async close() {
      server.kill()
      await exited
    },
  }
}
