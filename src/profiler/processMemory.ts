import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { promisify } from 'node:util'

const run = promisify(execFile)

/**
 * Resident set of a process in bytes, or null where it is gone or the platform does not say.
 * Linux reads /proc (a few µs), macOS asks ps; Windows has no cheap way and reports null.
 */
export async function readProcessBytes(pid: number): Promise<number | null> {
  try {
    if (process.platform === 'linux') {
      const status = await readFile(`/proc/${pid}/status`, 'utf8')
      const kibibytes = /^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1]
      return kibibytes === undefined ? null : Number(kibibytes) * 1024
    }
    if (process.platform === 'darwin') {
      const { stdout } = await run('ps', ['-o', 'rss=', '-p', String(pid)], { timeout: 1000 })
      const kibibytes = Number(stdout.trim())
      return kibibytes > 0 ? kibibytes * 1024 : null
    }
    return null
  } catch {
    // The process ended between two samples: unknown, not an error.
    return null
  }
}
