import { randomUUID } from 'node:crypto'
import { existsSync, rmSync, statfsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { DoctorCheck } from '../../core/doctor/doctorReport'
import { formatBytes, GiB } from '../../core/units'
import type { History } from '../history'
import { makeFolder } from '../makeFolder'

const elsewhere = 'Set HEADROOM_DATA to a folder that can be written'
const ownFolder = 'export HEADROOM_DATA="$HOME/headroom"'

/** Whether the data folder can be written: history, reports and what is set up lie there. */
export function checkDataFolder(dataFolder: string): DoctorCheck {
  const probe = join(dataFolder, `.${randomUUID()}.tmp`)
  try {
    makeFolder(dataFolder, 0o700)
    writeFileSync(probe, 'x')
    rmSync(probe, { force: true })
    return { name: 'dataFolder', status: 'ok', found: dataFolder, fix: null, command: null }
  } catch (error) {
    const found = `${dataFolder} cannot be written (${(error as NodeJS.ErrnoException).code})`
    return { name: 'dataFolder', status: 'failed', found, fix: elsewhere, command: ownFolder }
  }
}

/** Records of a week take some megabytes; below this much even the next report may not fit. */
const leastFreeBytes = GiB / 4
/** What a set-up of CUDA takes in all, wheels on their way included. */
const setupFreeBytes = 5 * GiB

/** Whether there is room on the disk of the data folder. @param mayNeedSetup whether CUDA is to be set up */
export function checkDisk(dataFolder: string, mayNeedSetup: boolean): DoctorCheck {
  const check = { name: 'disk', fix: null, command: null } as const
  if (!existsSync(dataFolder)) return { ...check, status: 'absent', found: 'no data folder' }
  const { bavail, bsize } = statfsSync(dataFolder)
  const free = bavail * bsize
  const found = `${formatBytes(free)} free for the data folder`
  const needed = mayNeedSetup ? setupFreeBytes : leastFreeBytes
  if (free >= needed) return { ...check, status: 'ok', found }
  return {
    ...check,
    status: free < leastFreeBytes ? 'failed' : 'warning',
    found: mayNeedSetup ? `${found}, and setting CUDA up takes ${formatBytes(needed)}` : found,
    fix: 'Free some, or set HEADROOM_DATA to a folder on another disk',
    command: ownFolder,
  }
}

/** Whether the history opens; SQLite checks the file as it does. */
export function checkHistory(open: () => Pick<History, 'list'>): DoctorCheck {
  const check = { name: 'history', fix: null, command: null } as const
  try {
    const runs = open().list()
    const damaged = runs.filter(({ intact }) => !intact).length
    if (damaged === 0)
      return { ...check, status: 'ok', found: `opens, ${runs.length} runs, checksums right` }
    return {
      ...check,
      status: 'warning',
      found: `${damaged} of ${runs.length} runs no longer have the checksum they were stored with`,
      fix: 'Do not trust these runs; remove them on the page History',
    }
  } catch (error) {
    const said = (error instanceof Error ? error.message : String(error)).split('\n', 1)[0]!
    return { ...check, status: 'failed', found: said, fix: elsewhere, command: ownFolder }
  }
}
