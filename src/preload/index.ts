import { contextBridge, ipcRenderer } from 'electron'
import { connectMessage } from '../protocol/desktopBridge'

contextBridge.exposeInMainWorld('isDesktop', true)

// The context bridge cannot carry ports; a message of the window to itself can.
window.addEventListener('message', (event) => {
  if (event.source !== window || event.data !== connectMessage || event.ports.length !== 1) return
  ipcRenderer.postMessage(connectMessage, null, [...event.ports])
})
