import { readFileSync } from 'node:fs'
import { basename } from 'node:path'

/**
 * File name of the program that process `pid` runs, or null where the system does not tell. Not its
 * arguments: they hold paths and secrets. Linux cuts `comm` at 15 characters, so the command line's
 * first word is preferred.
 */
export function readProcessName(pid: number): string | null {
  if (process.platform !== 'linux') return null
  try {
    const [command = ''] = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0', 1)
    const name = basename(command).trim()
    return name || readFileSync(`/proc/${pid}/comm`, 'utf8').trim() || null
  } catch {
    // Gone between two questions, or of another user's container.
    return null
  }
}
