// How a page of the desktop host reaches the application: it makes a MessageChannel and posts
// `connectMessage` with one of its ports to its own window, where the preload script passes the port
// on to the main process. In a browser there is no preload script, and `window.isDesktop` is missing.

export const connectMessage = 'headroom:connect'

declare global {
  interface Window {
    readonly isDesktop?: true
  }
}
