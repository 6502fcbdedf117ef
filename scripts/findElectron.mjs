// @ts-check
import { existsSync, readFileSync } from 'node:fs'
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'

const electronPackage = join(import.meta.dirname, '../node_modules/electron')
const downloadHost = 'https://github.com'
const reachableWithinMs = 5000
const downloadedWithinMs = 15 * 60 * 1000

/**
 * The Electron binary of the npm package, downloaded where it is not there yet.
 * The package downloads it when first used and waits as long as the network lets it; here nothing
 * waits for a host that does not answer.
 * @returns {Promise<{ executable: string } | { missing: string }>}
 */
export async function findElectron() {
  const missing = cannotShowWindows()
  if (missing) return { missing }
  const installed = installedExecutable()
  if (installed) return { executable: installed }
  if (!(await isDownloadHostReachable()))
    return { missing: `Electron cannot be downloaded (${downloadHost} does not answer)` }
  console.log('Downloading Electron (once, about 110 MB) …')
  const { status } = spawnSync(process.execPath, [join(electronPackage, 'install.js')], {
    stdio: ['ignore', 'ignore', 'ignore'],
    timeout: downloadedWithinMs,
  })
  const executable = installedExecutable()
  return status === 0 && executable
    ? { executable }
    : { missing: 'Electron could not be downloaded' }
}

/** Why a window cannot be shown on this machine, or null. */
function cannotShowWindows() {
  if (process.platform !== 'linux') return null
  if (!process.env.DISPLAY && !process.env.WAYLAND_DISPLAY) return 'there is no display'
  if (process.getuid?.() === 0) return "Electron's sandbox does not start as root"
  return null
}

function installedExecutable() {
  const pathFile = join(electronPackage, 'path.txt')
  if (!existsSync(pathFile)) return null
  const executable = join(electronPackage, 'dist', readFileSync(pathFile, 'utf8'))
  return existsSync(executable) ? executable : null
}

/** A mirror or a proxy is taken at its word: only the installer knows how to ask it. */
async function isDownloadHostReachable() {
  const names = ['ELECTRON_MIRROR', 'npm_config_electron_mirror', 'HTTPS_PROXY', 'https_proxy']
  if (names.some((name) => process.env[name])) return true
  try {
    await fetch(downloadHost, { method: 'HEAD', signal: AbortSignal.timeout(reachableWithinMs) })
    return true
  } catch {
    return false
  }
}
