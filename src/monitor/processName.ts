import { readFileSync, readlinkSync } from 'node:fs'
import { basename } from 'node:path'

/**
 * File name of the program that process `pid` runs, or null where the system does not tell. Not its
 * arguments: they hold paths and secrets. Linux cuts `comm` at 15 characters, so the program's file is
 * preferred, which only its owner may ask for, and then the command line's first word. `proc` is where
 * the kernel tells of processes.
 */
export function readProcessName(pid: number, proc = '/proc'): string | null {
  if (process.platform !== 'linux') return null
  return (
    nameFrom(() => readlinkSync(`${proc}/${pid}/exe`).replace(/ \(deleted\)$/, '')) ??
    nameFrom(() => firstWord(readFileSync(`${proc}/${pid}/cmdline`, 'utf8'))) ??
    nameFrom(() => readFileSync(`${proc}/${pid}/comm`, 'utf8'))
  )
}

/** Chromium and some servers write their arguments over the first word, with spaces between. */
function firstWord(commandLine: string): string {
  const [first = ''] = commandLine.split('\0', 1)
  return first.replace(/\s+-.*$/s, '')
}

function nameFrom(read: () => string): string | null {
  try {
    return basename(read().trim()) || null
  } catch {
    // Gone between two questions, of another user, or of another user's container.
    return null
  }
}
