import type { Session, WebContents } from 'electron'

/** Schemes that carry what the page itself made, or Chromium's own developer tools. */
const localSchemes = ['blob:', 'data:', 'devtools:']

/**
 * Takes from pages what this application's never use: permissions and devices, the network beyond
 * their own origin, and saving anything that a page of ours did not make.
 */
export function guardSession(session: Session, isOwnPage: (url: string) => boolean): void {
  const isAllowed = (permission: string, requester: string) =>
    permission === 'clipboard-sanitized-write' && isOwnPage(requester)
  session.setPermissionRequestHandler((contents, permission, answer) =>
    answer(isAllowed(permission, contents.getURL())),
  )
  session.setPermissionCheckHandler((_contents, permission, origin) =>
    isAllowed(permission, origin),
  )
  session.setDevicePermissionHandler(() => false)
  session.webRequest.onBeforeRequest(({ url }, answer) => {
    const isLocal = localSchemes.some((scheme) => url.startsWith(scheme))
    answer({ cancel: !isLocal && !isOwnPage(url.replace(/^ws:/, 'http:')) })
  })
}

/** Keeps a window on the page that it was opened with. */
export function guardContents(contents: WebContents): void {
  contents.on('will-navigate', (event) => event.preventDefault())
  contents.on('will-redirect', (event) => event.preventDefault())
  contents.on('will-attach-webview', (event) => event.preventDefault())
  contents.setWindowOpenHandler(() => ({ action: 'deny' }))
}
