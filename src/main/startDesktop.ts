import { app, session, type BrowserWindow } from 'electron'
import type { PageChannel } from '../profiler/pageServer'
import { appUrl, servePageFiles } from './appProtocol'
import { guardContents, guardSession } from './guards'
import { openMainWindow } from './mainWindow'
import { createOwnPageTest } from './ownPages'
import { acceptPagePorts } from './pagePorts'

interface DesktopOptions {
  /** Lets a page call the application. */
  readonly connect: (channel: PageChannel) => Promise<void>
  /** The renderer's build. */
  readonly pageFolder: string
  readonly preload: string
  /** Where pages come from while they are being developed; else from the build. */
  readonly developmentUrl?: string | undefined
}

/** Opens the application's window. The application must be ready. */
export function startDesktop({
  connect,
  pageFolder,
  preload,
  developmentUrl,
}: DesktopOptions): BrowserWindow {
  const pageUrl = developmentUrl ?? appUrl
  const isOwnPage = createOwnPageTest(pageUrl)
  app.on('web-contents-created', (_event, contents) => guardContents(contents))
  guardSession(session.defaultSession, isOwnPage)
  servePageFiles(pageFolder)
  acceptPagePorts(isOwnPage, connect)
  return openMainWindow(pageUrl, preload)
}
