// What Node 24 has as globals or modules, and Electron 22's Node 16 lacks or keeps inside modules.
const { Blob } = require('node:buffer')
const { execFileSync } = require('node:child_process')
const { webcrypto } = require('node:crypto')
const fs = require('node:fs')
const Module = require('node:module')
const os = require('node:os')

require('core-js-bundle/minified.js')

/** Defines each global that is missing. */
function define(values) {
  for (const [name, value] of Object.entries(values))
    if (!(name in globalThis))
      Object.defineProperty(globalThis, name, { value, configurable: true, writable: true })
}
define({ Blob, crypto: webcrypto, ...require('node:stream/web') })
// Only now: undici looks for the globals above while it loads.
const { fetch, Headers, Request, Response, FormData } = require('undici/index-fetch.js')
define({ fetch, Headers, Request, Response, FormData })

AbortSignal.any ??= (signals) => {
  const controller = new AbortController()
  for (const signal of signals) {
    const abort = () => controller.abort(signal.reason)
    if (signal.aborted) abort()
    else signal.addEventListener('abort', abort, { once: true })
  }
  return controller.signal
}

os.availableParallelism ??= () => os.cpus().length

fs.statfsSync ??= (path) => {
  const text = execFileSync('df', ['-P', '-k', path], { encoding: 'utf8' })
  return { bsize: 1024, bavail: Number(text.trim().split('\n').at(-1).split(/ +/)[3]) }
}
fs.promises.statfs ??= async (path) => fs.statfsSync(path)

const load = Module._load
Module._load = (request, ...rest) =>
  request === 'node:sqlite' ? require('./nodeSqlite.cjs') : load(request, ...rest)
