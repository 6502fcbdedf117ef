import { spawn } from 'node:child_process'

const openers: Partial<Record<NodeJS.Platform, readonly [string, ...string[]]>> = {
  darwin: ['open'],
  win32: ['rundll32', 'url.dll,FileProtocolHandler'],
}

/** Shows `url` in the person's browser; false where no window can be shown. */
export function openInBrowser(
  url: string,
  { DISPLAY, WAYLAND_DISPLAY, CI }: NodeJS.ProcessEnv = process.env,
  platform: NodeJS.Platform = process.platform,
): boolean {
  if (CI || (platform === 'linux' && !DISPLAY && !WAYLAND_DISPLAY)) return false
  const [command, ...args] = openers[platform] ?? ['xdg-open']
  const browser = spawn(command, [...args, url], { stdio: 'ignore', detached: true })
  browser.on('error', () => {}) // no such command: the URL was printed, too
  browser.unref()
  return true
}
