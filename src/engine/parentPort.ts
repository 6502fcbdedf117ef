import type { MessagePortMainLike } from '@orpc/client/message-port'

/** The process that started this one, whichever way it did: Electron's parentPort or Node's channel. */
export function parentPort(): MessagePortMainLike {
  const electronPort = (process as { parentPort?: MessagePortMainLike }).parentPort
  if (electronPort) return electronPort
  return {
    on: (event, callback) => {
      if (event === 'message') process.on('message', (data) => callback({ data }))
      if (event === 'close') process.on('disconnect', () => callback())
    },
    postMessage: (data) => void process.send?.(data),
  }
}
