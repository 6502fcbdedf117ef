import { BrowserWindow, session } from 'electron'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** Of its own and in memory only: the application's session refuses files. */
const partition = 'print'

/** Prints a report's HTML as PDF, A4, by Electron itself: no other browser is needed. */
export async function printWithElectron(html: string): Promise<Uint8Array> {
  const folder = await mkdtemp(join(tmpdir(), 'headroom-print-'))
  const window = new BrowserWindow({
    show: false,
    webPreferences: { session: session.fromPartition(partition), sandbox: true },
  })
  try {
    // A file, because a data: URL ends at two megabytes.
    const page = join(folder, 'report.html')
    await writeFile(page, html, { mode: 0o600 })
    await window.loadFile(page)
    return await window.webContents.printToPDF({ printBackground: true, pageSize: 'A4' })
  } finally {
    window.destroy()
    await rm(folder, { recursive: true, force: true })
  }
}
