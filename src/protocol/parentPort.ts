import type { MessagePortMainLike } from '@orpc/client/message-port'

/** The process that started this one, whichever way it did: Electron's parentPort or Node's channel. */
export function parentPort(): MessagePortMainLike {
  const electronPort = (process as { parentPort?: MessagePortMainLike }).parentPort
  if (electronPort) return electronPort
  // The application is gone: there is nobody left to compute for.
  process.once('disconnect', () => process.exit())
  return {
    on: (event, callback) => {
      if (event === 'message') process.on('message', (data) => callback({ data }))
      if (event === 'close') process.on('disconnect', () => callback())
    },
    postMessage: (data) => void process.send?.(data),
  }
}
