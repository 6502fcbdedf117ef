// How much later Headroom's window can be used than an empty window of the same Electron.
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { existsSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { _electron } from 'playwright'
import { medianInterval } from '../src/core/statistics/medianInterval'
import { median, sortedCopy } from '../src/core/statistics/quantile'
import type { Figure } from './figure'

const pairs = 9
const testRuntime = resolve('.electron/electron')

const bareMain = `
const { app, BrowserWindow } = require('electron')
app.whenReady().then(() => {
  const window = new BrowserWindow({ width: 1280, height: 800, webPreferences: { sandbox: true } })
  window.loadURL('data:text/html,<h1>bare</h1>')
})`

/** Milliseconds from the start of Electron until the page's main heading is there. */
async function timeToHeading(application: string, dataFolder: string): Promise<number> {
  const start = performance.now()
  const app = await _electron.launch({
    ...(existsSync(testRuntime) ? { executablePath: testRuntime } : {}),
    args: [
      ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
      '--disable-gpu',
      `--user-data-dir=${dataFolder}`,
      application,
    ],
    env: { ...(process.env as Record<string, string>), HEADROOM_DATA: dataFolder },
  })
  try {
    const page = await app.firstWindow()
    await page.locator('h1').first().waitFor()
    return performance.now() - start
  } finally {
    await app.close()
  }
}

export async function benchWindow(): Promise<Figure[]> {
  const folder = await mkdtemp(join(tmpdir(), 'headroom-bench-'))
  await writeFile(
    join(folder, 'package.json'),
    JSON.stringify({ name: 'bare', version: '0.0.0', main: 'main.cjs' }),
  )
  await writeFile(join(folder, 'main.cjs'), bareMain)
  const headroom = existsSync(testRuntime) ? resolve('test/electron-runtime/app') : resolve('.')
  const differences: number[] = []
  const bareMs: number[] = []
  try {
    // The first start of each fills caches.
    for (let pair = -1; pair < pairs; pair += 1) {
      const bare = await timeToHeading(folder, join(folder, 'bare'))
      const ours = await timeToHeading(headroom, join(folder, 'headroom'))
      if (pair < 0) continue
      bareMs.push(bare)
      differences.push(ours - bare)
    }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
  return [
    {
      name: 'Window usable after an empty one is',
      value: median(differences) / 1000,
      interval: inSeconds(medianInterval(sortedCopy(differences))),
      unit: 's',
      goal: 0.7,
      how: `until the page's heading is there; empty window ${median(bareMs).toFixed(0)} ms; median difference of ${pairs} pairs`,
    },
  ]
}

function inSeconds(interval: Figure['interval']): Figure['interval'] {
  return interval && { low: interval.low / 1000, high: interval.high / 1000 }
}
