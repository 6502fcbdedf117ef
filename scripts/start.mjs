// @ts-check
// `npm start`: the desktop application, or where that cannot be the same dashboard in a browser.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { buildIfStale } from './buildIfStale.mjs'
import { findElectron } from './findElectron.mjs'

const root = join(import.meta.dirname, '..')
/** An Electron that ends by itself with an error so soon never showed a usable window. */
const startUpMs = 10_000

const failure = buildIfStale()
if (failure) {
  console.error(`Headroom could not be built: ${failure}`)
  process.exitCode = 1
} else {
  const electron = await findElectron()
  const missing = 'missing' in electron ? electron.missing : await showWindow(electron.executable)
  if (missing) {
    console.log(`No desktop window: ${missing}. Starting the dashboard for the browser instead.`)
    process.exitCode = await serve()
  }
}

/** @param {string} executable @returns {Promise<string | null>} why there was no window, or null once it is closed */
async function showWindow(executable) {
  const started = performance.now()
  const window = spawn(executable, [root, ...process.argv.slice(2)], { stdio: 'inherit' })
  passOnSignals(window)
  try {
    const [code, signal] = await once(window, 'exit')
    if (code === 0 || performance.now() - started > startUpMs) {
      process.exitCode = code ?? 1
      return null
    }
    return `Electron ended with ${signal ?? `exit code ${code}`}`
  } catch (error) {
    return `Electron could not be started (${/** @type {Error} */ (error).message})`
  }
}

/** @returns {Promise<number>} exit code of the server */
async function serve() {
  const server = spawn(process.execPath, [join(root, 'bin/headroom.cjs'), 'serve'], {
    stdio: ['inherit', 'pipe', 'inherit'],
  })
  passOnSignals(server)
  let isOpened = false
  createInterface(server.stdout).on('line', (line) => {
    console.log(line)
    const [url] = line.match(/https?:\/\/\S+/) ?? []
    if (!url || isOpened) return
    isOpened = true
    openInBrowser(url)
  })
  const [code] = await once(server, 'exit')
  return code ?? 1
}

/** Opens the page where a browser can be shown; the URL was printed in any case. @param {string} url */
function openInBrowser(url) {
  const { DISPLAY, WAYLAND_DISPLAY, CI } = process.env
  if (CI || (process.platform === 'linux' && !DISPLAY && !WAYLAND_DISPLAY)) return
  const [command, ...args] =
    process.platform === 'darwin'
      ? ['open']
      : process.platform === 'win32'
        ? ['rundll32', 'url.dll,FileProtocolHandler']
        : ['xdg-open']
  const browser = spawn(command, [...args, url], { stdio: 'ignore', detached: true })
  browser.on('error', () => {}) // no such command: somebody reads the URL
  browser.unref()
}

/** Ctrl+C reaches the child anyway; this process waits for its orderly end. @param {import('node:child_process').ChildProcess} child */
function passOnSignals(child) {
  process.on('SIGINT', () => {})
  for (const signal of /** @type {const} */ (['SIGTERM', 'SIGHUP']))
    process.on(signal, () => child.kill(signal))
}
