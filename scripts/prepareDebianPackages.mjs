// @ts-check
import { existsSync } from 'node:fs'
import { succeeds, runOrThrow } from './commands.mjs'

/** What the tests use beyond npm: a browser, a display, and what builds and unpacks their stand-ins. */
const testPackages = [
  'chromium', // the web host's tests, and the shared libraries that Electron needs
  'xvfb',
  'xauth',
  'fonts-noto-cjk', // zh-CN screenshots
  'python3-pip', // fetches the Electron runtime
  'gcc',
  'libc6-dev',
  'binutils',
]

/**
 * Installs the Debian packages that the tests use and this machine lacks.
 * @returns {string | null} why they are not all there, or null
 */
export function prepareDebianPackages() {
  if (!existsSync('/usr/bin/apt-get')) return 'this is not a Debian machine, nothing was installed'
  const missing = testPackages.filter((name) => !isInstalled(name))
  if (missing.length === 0) return null
  if (process.getuid?.() !== 0)
    return `not root; install them with: sudo apt-get install ${missing.join(' ')}`
  console.log(`Installing Debian packages: ${missing.join(' ')}`)
  const options = ['-qq', '-o', 'Acquire::Retries=3', '-o', 'Acquire::http::Timeout=30']
  const install = ['install', '--yes', '--no-install-recommends', ...missing]
  try {
    runOrThrow('apt-get', [...options, 'update'])
    runOrThrow('apt-get', [...options, '-o', 'DPkg::Lock::Timeout=120', ...install], {
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    })
    return null
  } catch (error) {
    return `apt-get could not install ${missing.join(' ')} (${/** @type {Error} */ (error).message})`
  }
}

/** @param {string} name */
function isInstalled(name) {
  return succeeds('sh', [
    '-c',
    `dpkg-query -W -f='\${db:Status-Status}' ${name} | grep -qx installed`,
  ])
}
