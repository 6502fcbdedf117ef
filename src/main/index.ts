// The desktop host's entry, run by Electron as soon as it starts.
import { app } from 'electron'
import { join } from 'node:path'
import type { Profiler } from '../profiler/profiler'
import { registerAppScheme } from './appProtocol'
import { launchWithElectron } from './launchEngine'
import { printWithElectron } from './printPdf'
import { startDesktop } from './startDesktop'
import { endOnUnexpectedErrors } from './unexpectedErrors'

const here = import.meta.dirname
/** Where electron-vite serves pages that are being developed. */
const developmentUrl = import.meta.env.DEV ? process.env.ELECTRON_RENDERER_URL : undefined

endOnUnexpectedErrors()
registerAppScheme()
app.on('window-all-closed', () => app.quit())
// A second start shows the first one's window: both would run on the same device.
if (app.requestSingleInstanceLock()) void app.whenReady().then(start)
else app.quit()

function start(): void {
  // Loaded while the page draws itself: the window is there earlier by as much.
  let loading: Promise<Profiler> | null = null
  const profiler = () => (loading ??= openProfiler())
  const window = startDesktop({
    connect: async (channel) => {
      const [{ router }, { createPageServer }] = await Promise.all([
        profiler(),
        import('../profiler/pageServer'),
      ])
      createPageServer(router)(channel)
    },
    pageFolder: join(here, '../renderer'),
    preload: join(here, '../preload/index.cjs'),
    developmentUrl,
  })
  closeBeforeQuit(async () => (await loading)?.close())
  app.on('second-instance', () => {
    if (window.isMinimized()) window.restore()
    window.focus()
  })
}

async function openProfiler(): Promise<Profiler> {
  const { createProfiler } = await import('../profiler/profiler')
  return createProfiler({
    host: 'desktop',
    version: app.getVersion(),
    dataFolder: process.env.HEADROOM_DATA ?? app.getPath('userData'),
    resourcesFolder: join(app.getAppPath(), 'resources'),
    engineEntry: join(here, 'engine.cjs'),
    monitorEntry: join(here, 'monitor.cjs'),
    launchEngine: launchWithElectron,
    printPdf: printWithElectron,
  })
}

/** Quits once what runs is cancelled and stored. */
function closeBeforeQuit(close: () => Promise<void>): void {
  let isClosed = false
  app.on('before-quit', (event) => {
    if (isClosed) return
    event.preventDefault()
    void close().finally(() => {
      isClosed = true
      app.quit()
    })
  })
}
