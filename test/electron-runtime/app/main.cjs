// Runs the built product, as it is, in an older Electron: fills what that lacks, then loads the product's main.
require('./polyfills.cjs')
const { app, protocol, utilityProcess } = require('electron')
const { readFileSync } = require('node:fs')
const path = require('node:path')

// Electron would show a dialog that no test can see, and wait for somebody to close it.
process.on('uncaughtException', (error) => {
  console.error(error)
  app.exit(1)
})

// protocol.handle (Electron 25) over registerBufferProtocol. Pages get the polyfills by one more
// script of their own origin, which their content security policy allows; their workers by the same text
// before their own.
const pagePolyfills = '/electron-runtime-polyfills.js'
const polyfills = () => readFileSync(require.resolve('core-js-bundle/minified.js'))
protocol.handle ??= (scheme, handler) => {
  protocol.registerBufferProtocol(scheme, async (request, respond) => {
    const { pathname } = new URL(request.url)
    if (pathname === pagePolyfills) {
      return respond({ mimeType: 'text/javascript', data: polyfills() })
    }
    const { method, headers } = request
    const response = await handler(new Request(request.url, { method, headers }))
    const mimeType = response.headers.get('content-type')?.split(';')[0] ?? ''
    const body = Buffer.from(await response.arrayBuffer())
    const isWorker = /Worker-[\w-]+\.js$/.test(pathname)
    const data =
      mimeType === 'text/html'
        ? withPolyfills(body)
        : isWorker
          ? Buffer.concat([polyfills(), Buffer.from('\n;'), body])
          : body
    const sent = Object.fromEntries(response.headers)
    respond({ statusCode: response.status, mimeType, headers: sent, data })
  })
}

/** @param {Buffer} html */
function withPolyfills(html) {
  const page = html.toString()
  return Buffer.from(page.replace('<head>', `<head><script src="${pagePolyfills}"></script>`))
}

// The product's child processes need the polyfills too.
const fork = utilityProcess.fork
utilityProcess.fork = (entry, args = [], options) =>
  fork(path.join(__dirname, 'child.cjs'), [entry, ...args], options)

const root = path.resolve(__dirname, '../../..')
const { main, productName, version } = require(path.join(root, 'package.json'))
app.setAppPath(root)
app.setName(productName)
app.setVersion(version)
require(path.join(root, main))
