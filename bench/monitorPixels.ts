// From a sample in the monitor's process to the pixels of the page Monitor, in both hosts. The stand-in
// for NVML gives every moment a figure of its own, by which the page's text and its sample are matched.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { chromium, type Page } from 'playwright'
import { openDesktop } from '../e2e/desktopHost'
import { serveWeb } from '../e2e/webHost'
import { createRandom } from '../src/core/random'
import { median, quantileSorted, sortedCopy } from '../src/core/statistics/quantile'
import { GiB } from '../src/core/units'
import { compileStubNvml, type StubNvml } from '../test/monitor/stubNvml'
import type { Figure } from './figure'

const changes = 100
/** What CUDA sees of the stand-in: a T4's. */
const visibleBytes = 15_636_365_312

interface Watched {
  readonly latenciesMs: number[]
}

/** Runs in the page, before its own scripts: notes when a sample came with which text, and when it was painted. */
function watchPage(total: number): void {
  const latenciesMs: number[] = []
  const sampledAt = new Map<string, number>()
  Object.assign(window, { watched: { latenciesMs } satisfies Watched })
  const peek = (data: unknown) => {
    if (typeof data !== 'string') return
    const samples = /"tMs":(\d+),"gpus":\{"gpu-0":\{[^}]*"memoryUsedBytes":(\d+)/g
    for (const [, tMs, used] of data.matchAll(samples)) {
      const text = `${Number(((total - Number(used)) / 1024 ** 3).toPrecision(3))} GiB`
      if (!sampledAt.has(text)) sampledAt.set(text, Number(tMs))
    }
  }
  type Listen = (this: EventTarget, ...args: Parameters<EventTarget['addEventListener']>) => void
  const listen = Reflect.get(EventTarget.prototype, 'addEventListener') as Listen
  EventTarget.prototype.addEventListener = function (type, listener, options) {
    if (type === 'message' && (this instanceof WebSocket || this instanceof MessagePort))
      listen.call(this, type, (event) => peek((event as MessageEvent).data))
    return listen.call(this, type, listener, options)
  }
  let before = ''
  new MutationObserver(() => {
    const name = [...document.querySelectorAll('dt')].find((dt) =>
      dt.textContent.endsWith('Usable'),
    )
    const text = name?.nextElementSibling?.textContent ?? ''
    const tMs = sampledAt.get(text)
    if (text === before || tMs === undefined) return
    before = text
    // The chart takes its option after this frame, and draws it in the next.
    requestAnimationFrame(() =>
      requestAnimationFrame(() =>
        setTimeout(() => latenciesMs.push(performance.timeOrigin + performance.now() - tMs)),
      ),
    )
  }).observe(document, { subtree: true, childList: true, characterData: true })
}

/** Changes what the stand-in tells again and again, and reads what the page noted. */
async function watch(page: Page, stub: StubNvml): Promise<number[]> {
  await page.getByRole('navigation').getByRole('link', { name: 'Monitor' }).click()
  await page.locator('canvas').nth(4).waitFor()
  const random = createRandom(7)
  for (let change = 0; change < changes; change += 1) {
    const usable = (100 + change) / 100 // GiB, in three digits that no other change has
    stub.hold(process.pid, Math.round(visibleBytes - usable * GiB))
    await page.waitForTimeout(250 + 100 * random.uniform())
  }
  return page.evaluate(() => (window as unknown as { watched: Watched }).watched.latenciesMs)
}

async function benchWeb(stub: StubNvml, folder: string): Promise<number[]> {
  const server = await serveWeb(folder, stub.environment)
  const browser = await chromium.launch({
    executablePath: '/usr/bin/chromium',
    args: process.getuid?.() === 0 ? ['--no-sandbox'] : [],
  })
  try {
    const page = await browser.newPage({ viewport: { width: 1280, height: 800 } })
    await page.addInitScript(watchPage, visibleBytes)
    await page.goto(server.url)
    return await watch(page, stub)
  } finally {
    await browser.close()
    await server.close()
  }
}

async function benchDesktop(stub: StubNvml, folder: string): Promise<number[]> {
  const { app } = await openDesktop(folder, stub.environment)
  try {
    const page = await app.firstWindow()
    await page.locator('h1').first().waitFor()
    await page.addInitScript(watchPage, visibleBytes)
    await page.reload()
    return await watch(page, stub)
  } finally {
    await app.close()
  }
}

export async function benchMonitorPixels(): Promise<Figure[]> {
  const folder = await mkdtemp(join(tmpdir(), 'headroom-bench-'))
  const stub = compileStubNvml()
  const figure = (where: string, goal: number, latenciesMs: readonly number[]): Figure => {
    const sorted = sortedCopy(latenciesMs)
    return {
      name: `from a sample to its pixels, ${where}, 95th percentile`,
      value: sorted.length < changes / 2 ? Infinity : quantileSorted(sorted, 0.95),
      interval: null,
      unit: 'ms',
      goal,
      how: `${sorted.length} of ${changes} changes seen, until the frame after the one that shows the text is painted${sorted.length > 0 ? `; median ${median(sorted).toFixed(0)} ms` : ''}`,
    }
  }
  try {
    const web = await benchWeb(stub, join(folder, 'web'))
    stub.reset()
    const desktop = await benchDesktop(stub, join(folder, 'desktop'))
    return [figure('web host', 250, web), figure('desktop', 150, desktop)]
  } finally {
    stub.remove()
    await rm(folder, { recursive: true, force: true })
  }
}
