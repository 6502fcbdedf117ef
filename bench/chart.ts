// An hour of memory samples of eight devices on the live page: what it costs the browser. The samples
// are invented, the page, the transport and the chart are the product's. The hour is sent in a minute.
import { implement } from '@orpc/server'
import { resolve } from 'node:path'
import { chromium } from 'playwright'
import type { MemorySample } from '../src/core/run/record'
import type { NumberedRunEvent } from '../src/core/run/events'
import { hostContract } from '../src/protocol/contract'
import { startServer } from '../src/server/startServer'
import { plannedStep, runRecord, stepMemory } from '../test/runRecords'
import type { Figure } from './figure'

const samplesPerDevice = 60 * 60 * 10
const devices = 8
const events = 600
const eventPeriodMs = 100
const samplesPerEvent = (samplesPerDevice * devices) / events
/** Loading the page and its chart is not what is measured. */
const loadingMs = 5_000

/** `events` ten times a second, each with its share of the samples. */
async function* invented(): AsyncGenerator<NumberedRunEvent> {
  const step = plannedStep({
    memory: stepMemory({ weightsBytes: 2 ** 24, activationsBytes: 2 ** 23 }),
  })
  const record = runRecord({ id: 'bench', outcome: 'running', steps: [step] })
  let sequence = 0
  yield { sequence, event: { type: 'runStarted', record } }
  yield { sequence: ++sequence, event: { type: 'stepStarted', step: 0, tMs: 0 } }
  for (let event = 0; event < events; event += 1) {
    await new Promise((resolve) => setTimeout(resolve, eventPeriodMs))
    const samples: MemorySample[] = Array.from({ length: samplesPerEvent }, (_, index) => {
      const place = event * samplesPerEvent + index
      return {
        tMs: (place / devices) * 100,
        processBytes: 2 ** 27 + (2 ** 22 * ((place * 7919) % 1000)) / 1000,
        deviceUsedBytes: null,
      }
    })
    yield { sequence: ++sequence, event: { type: 'memory', step: 0, samples } }
  }
  // The run goes on: ending it would be work of another kind.
  await new Promise(() => {})
}

const contract = implement(hostContract)
const absent = (): never => {
  throw new Error('not part of this bench')
}
const router = contract.router({
  about: contract.about.handler(() => ({ version: '0', host: 'web', dataFolder: '' })),
  devices: contract.devices.handler(absent),
  doctor: contract.doctor.handler(absent),
  setupCuda: contract.setupCuda.handler(absent),
  plan: contract.plan.handler(absent),
  models: { read: contract.models.read.handler(absent) },
  recordings: {
    list: contract.recordings.list.handler(absent),
    start: contract.recordings.start.handler(absent),
    stop: contract.recordings.stop.handler(absent),
    get: contract.recordings.get.handler(absent),
    lines: contract.recordings.lines.handler(absent),
    read: contract.recordings.read.handler(absent),
    remove: contract.recordings.remove.handler(absent),
  },
  runs: {
    start: contract.runs.start.handler(absent),
    events: contract.runs.events.handler(() => invented()),
    cancel: contract.runs.cancel.handler(absent),
    current: contract.runs.current.handler(() => ({ id: 'bench' })),
  },
  viewers: {
    follow: contract.viewers.follow.handler(absent),
    take: contract.viewers.take.handler(absent),
  },
  monitor: { events: contract.monitor.events.handler(absent) },
  largest: contract.largest.handler(absent),
  frontier: contract.frontier.handler(absent),
  history: {
    list: contract.history.list.handler(() => []),
    get: contract.history.get.handler(absent),
    remove: contract.history.remove.handler(absent),
  },
  quantization: {
    network: contract.quantization.network.handler(absent),
    accuracy: contract.quantization.accuracy.handler(absent),
  },
  reports: { create: contract.reports.create.handler(absent) },
})

export async function benchChart(): Promise<Figure[]> {
  const server = await startServer({
    router,
    pageFolder: resolve('out/renderer'),
    metrics: () => '',
  })
  const browser = await chromium.launch({
    executablePath: '/usr/bin/chromium',
    args: process.getuid?.() === 0 ? ['--no-sandbox'] : [],
  })
  try {
    const page = await browser.newPage({ viewport: { width: 1280, height: 800 } })
    const devtools = await page.context().newCDPSession(page)
    const heapBytes = async () => {
      await devtools.send('HeapProfiler.collectGarbage')
      return (await devtools.send('Runtime.getHeapUsage')).usedSize
    }
    await page.goto(server.url)
    await page.evaluate(() => (location.hash = '#/run'))
    await page.locator('canvas, svg').first().waitFor()
    await page.waitForTimeout(loadingMs)
    const before = await heapBytes()
    await page.evaluate(() => {
      const seen: number[] = []
      Object.assign(window, { longTasksMs: seen })
      new PerformanceObserver((list) => {
        for (const { duration } of list.getEntries()) seen.push(duration)
      }).observe({ type: 'longtask' })
    })
    await page.waitForTimeout(events * eventPeriodMs)
    const longTasksMs = await page.evaluate(
      () => (window as unknown as { longTasksMs: number[] }).longTasksMs,
    )
    const grownBytes = (await heapBytes()) - before
    const how = `${samplesPerDevice * devices} samples in ${events} messages over ${(events * eventPeriodMs) / 1000} s, Chromium, 1280 × 800`
    return [
      {
        name: 'Longest task of the live chart after loading',
        value: Math.max(0, ...longTasksMs),
        interval: null,
        unit: 'ms',
        goal: 50,
        how: `${how}; ${longTasksMs.length} tasks over 50 ms`,
      },
      {
        name: 'Heap growth',
        value: grownBytes / 1e6,
        interval: null,
        unit: 'MB',
        goal: 50,
        how: `${how}; after a garbage collection, before and after`,
      },
    ]
  } finally {
    await browser.close()
    await server.close()
  }
}
