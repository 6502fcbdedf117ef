import { ipcMain, type MessagePortMain } from 'electron'
import type { PageChannel } from '../profiler/pageServer'
import { connectMessage } from '../protocol/desktopBridge'

/**
 * Connects every port that a page of ours hands over. This is the only channel that main listens at;
 * frames inside a page and pages of anybody else are not answered.
 */
export function acceptPagePorts(
  isOwnPage: (url: string) => boolean,
  connect: (channel: PageChannel) => Promise<void>,
): void {
  ipcMain.on(connectMessage, ({ ports, senderFrame }) => {
    const isMainFrame = senderFrame?.parent === null
    const [port] = ports
    if (!isMainFrame || !isOwnPage(senderFrame.url) || !port) {
      for (const refused of ports) refused.close()
      return
    }
    // Until it is started, a port keeps what the page has sent.
    void connect(channelOf(port)).then(() => port.start())
  })
}

function channelOf(port: MessagePortMain): PageChannel {
  return {
    send: (message) => port.postMessage(message),
    onMessage: (listener) => void port.on('message', ({ data }) => listener(data)),
    onClose: (listener) => void port.on('close', listener),
  }
}
