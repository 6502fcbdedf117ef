import { BrowserWindow } from 'electron'

/** Opens the window; it appears once there is something to see. */
export function openMainWindow(pageUrl: string, preload: string): BrowserWindow {
  const window = new BrowserWindow({
    width: 1280,
    height: 800,
    minWidth: 900,
    minHeight: 600,
    show: false,
    autoHideMenuBar: true,
    webPreferences: {
      preload,
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      webviewTag: false,
      spellcheck: false, // it would download dictionaries
    },
  })
  window.once('ready-to-show', () => window.show())
  window.loadURL(pageUrl).catch((error: unknown) => {
    if (!window.isDestroyed()) throw error // closed before it had loaded
  })
  return window
}
