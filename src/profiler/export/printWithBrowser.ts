import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { promisify } from 'node:util'
import { findBrowser } from './findBrowser'

const run = promisify(execFile)

/** A cold browser on a slow disk takes some seconds; one that hangs must not hold the report up. */
const printedWithinMs = 60_000

/**
 * Prints `html` by an installed browser without a window and with a profile of its own; null where
 * none is installed.
 * @throws Error with one line where the browser did not print
 */
export async function printWithBrowser(
  html: string,
  browser: string | null = findBrowser(),
): Promise<Uint8Array | null> {
  if (browser === null) return null
  const folder = await mkdtemp(join(tmpdir(), 'headroom-print-'))
  try {
    const page = join(folder, 'report.html')
    const pdf = join(folder, 'report.pdf')
    await writeFile(page, html, { mode: 0o600 })
    await runBrowser(browser, [
      '--headless',
      '--disable-gpu',
      '--no-first-run',
      '--disable-extensions',
      // Chromium's own sandbox does not start as root; the page is ours, and its CSP lets nothing in.
      ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
      `--user-data-dir=${join(folder, 'profile')}`,
      '--no-pdf-header-footer',
      `--print-to-pdf=${pdf}`,
      pathToFileURL(page).href,
    ])
    return await readFile(pdf).catch(() => {
      throw new Error(`${browser} ended without printing`)
    })
  } finally {
    // The browser's helpers may still be writing their profile when it has ended.
    await rm(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 })
  }
}

async function runBrowser(browser: string, args: readonly string[]): Promise<void> {
  try {
    await run(browser, args, { timeout: printedWithinMs, killSignal: 'SIGKILL', windowsHide: true })
  } catch (error) {
    const { killed, code } = error as { killed?: boolean; code?: unknown }
    const how = killed
      ? `did not print within ${printedWithinMs / 1000} s`
      : `ended with ${String(code)}`
    throw new Error(`${browser} ${how}`, { cause: error })
  }
}
