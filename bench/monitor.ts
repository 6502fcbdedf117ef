// What the monitor costs, how punctual it is, what a long recording takes, and what viewers do to it.
import { createORPCClient } from '@orpc/client'
import { RPCLink } from '@orpc/client/websocket'
import type { ContractRouterClient } from '@orpc/contract'
import { implement } from '@orpc/server'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import type { Socket } from 'node:net'
import { availableParallelism, tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { WebSocket } from 'ws'
import { type FastFigures, noFastFigures } from '../src/core/monitor/figures'
import type { MonitorEvent, MonitoredGpu } from '../src/core/monitor/monitorState'
import type { RecordedTick } from '../src/core/monitor/recordedTicks'
import { createRandom } from '../src/core/random'
import { median, quantileSorted, sortedCopy } from '../src/core/statistics/quantile'
import { openNvml } from '../src/monitor/nvml'
import { engineEnvironment, launchWithNode, linkTo } from '../src/profiler/engineProcess'
import { createEventLog } from '../src/profiler/eventLog'
import { createRecording, openRecording } from '../src/profiler/monitor/recordingFile'
import { hostContract } from '../src/protocol/contract'
import type { monitorContract } from '../src/protocol/monitorContract'
import { decimate } from '../src/renderer/charts/decimate'
import { timeLinesOption } from '../src/renderer/charts/timeLinesOption'
import { startServer } from '../src/server/startServer'
import { createTestRouter } from '../test/hostRouter'
import { compileStubNvml, type StubNvml } from '../test/monitor/stubNvml'
import type { Figure } from './figure'

const one = { interval: null } as const

export async function benchMonitor(): Promise<Figure[]> {
  const stub = compileStubNvml()
  try {
    return [
      benchSample(stub),
      await benchProcessor(stub, 100, 1),
      await benchProcessor(stub, 10, 5),
      await benchLateness(stub),
      ...benchRecording(),
      ...(await benchViewers()),
    ]
  } finally {
    stub.remove()
  }
}

function benchSample(stub: StubNvml): Figure {
  const { devices, close } = openNvml(stub.library)
  const device = devices[0]!
  const times: number[] = []
  for (let i = 0; i < 3000; i += 1) {
    const start = performance.now()
    device.readFast()
    times.push(performance.now() - start)
  }
  close()
  const sorted = sortedCopy(times.slice(500))
  return {
    ...one,
    name: 'one fast sample of one GPU',
    value: median(sorted),
    unit: 'ms',
    goal: 0.2,
    how: `NVML by koffi over the stand-in, whose own work is in it; median of ${sorted.length}, p99 ${quantileSorted(sorted, 0.99).toFixed(3)} ms`,
  }
}

/** Follows a built monitor process and calls back with each tick's time, for so long. */
async function followProcess(
  stub: StubNvml,
  periodMs: number,
  seconds: number,
  onTick: (tMs: number, pid: number) => void,
): Promise<void> {
  const child = launchWithNode(
    resolve('out/main/monitor.cjs'),
    engineEnvironment(process.env, stub.environment),
  )
  const client = createORPCClient<ContractRouterClient<typeof monitorContract>>(linkTo(child))
  const end = performance.now() + 1000 * (seconds + 2)
  for await (const event of await client.follow({ role: 'fast', periodMs })) {
    if (performance.now() > end) break
    // The first two seconds are the start of Node.js and the compiler's.
    if (event.type === 'fast' && performance.now() > end - 1000 * seconds)
      onTick(event.tick.tMs, child.pid!)
  }
  child.kill()
}

async function benchProcessor(stub: StubNvml, periodMs: number, goal: number): Promise<Figure> {
  const seconds = 60
  const before = { ticks: -1 }
  let after = 0
  let samples = 0
  await followProcess(stub, periodMs, seconds, (_tMs, pid) => {
    if (before.ticks < 0) before.ticks = cpuTicks(pid)
    after = cpuTicks(pid)
    samples += 1
  })
  const percent = (after - before.ticks) / seconds // 100 ticks a second: one a second is 1 %
  return {
    ...one,
    name: `processor time of the sampler at ${1000 / periodMs} samples a second`,
    value: percent,
    unit: '% of a core',
    goal,
    how: `user and system time of its process over ${seconds} s, one GPU of the stand-in, ${samples} samples arrived`,
  }
}

/** User and system time of a process in hundredths of a second. */
function cpuTicks(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]!.split(' ')
  return Number(fields[11]) + Number(fields[12])
}

async function benchLateness(stub: StubNvml): Promise<Figure> {
  const cores = availableParallelism()
  const busy = Array.from({ length: cores }, () => spawn(process.execPath, ['-e', 'for(;;);']))
  const times: number[] = []
  try {
    await followProcess(stub, 100, 30, (tMs) => times.push(tMs))
  } finally {
    for (const child of busy) child.kill('SIGKILL')
  }
  const late = sortedCopy(latenesses(times, 100))
  return {
    ...one,
    name: 'lateness of a sample, 99th percentile, all cores busy',
    value: quantileSorted(late, 0.99),
    unit: 'ms',
    goal: 20,
    how: `${times.length} samples at ten a second beside ${cores} processes that compute; median ${median(late).toFixed(1)} ms`,
  }
}

/** How long after the moments that lie `periodMs` apart; which moments, is told by the ticks together. */
function latenesses(times: readonly number[], periodMs: number): number[] {
  const after = (phase: number) =>
    times.map((tMs) => (((tMs - phase) % periodMs) + periodMs) % periodMs)
  const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0)
  const candidates = times.map((tMs) => after(tMs % periodMs))
  return candidates.reduce((best, late) => (sum(late) < sum(best) ? late : best))
}

const hours = 8
const gpuCount = 8
const ticksPerHour = 36_000

/** A GPU that trains: memory in steps, power, clocks and utilization that never stand still. */
function* inventedTicks(seed: number): Generator<RecordedTick> {
  const random = createRandom(seed)
  const start = 1_764_000_000_000
  let held = 2 ** 33
  let temperature = 60
  for (let i = 0; i < hours * ticksPerHour; i += 1) {
    if (random.uniform() < 0.3) held += Math.round((random.uniform() - 0.5) * 64) * 2 ** 21
    held = Math.min(70 * 2 ** 30, Math.max(2 ** 30, held))
    if (random.uniform() < 0.05) temperature += random.uniform() < 0.5 ? -1 : 1
    const figures: FastFigures = {
      ...noFastFigures,
      memoryTotalBytes: 81_559 * 2 ** 20,
      memoryReservedBytes: 479 * 2 ** 20,
      memoryUsedBytes: held,
      memoryFreeBytes: 81_080 * 2 ** 20 - held,
      gpuUtilizationPercent: 85 + Math.floor(random.uniform() * 16),
      memoryUtilizationPercent: 30 + Math.floor(random.uniform() * 30),
      powerDrawWatts: Math.round(600_000 + random.normal() * 20_000) / 1000,
      powerLimitWatts: 700,
      smClockMHz: 1980 - 15 * Math.floor(random.uniform() * 6),
      memoryClockMHz: 2619,
      temperatureCelsius: temperature,
      clocksEventReasons: random.uniform() < 0.1 ? 4 : 0,
    }
    // Timers are a little late, each time by another amount.
    yield { tMs: start + i * 100 + Math.floor(random.uniform() * 3), figures }
  }
}

function benchRecording(): Figure[] {
  const folder = mkdtempSync(join(tmpdir(), 'headroom-bench-'))
  const file = join(folder, 'recording.hmon')
  try {
    const gpus = Array.from({ length: gpuCount }, (_, i): MonitoredGpu => ({
      id: `gpu-${i}`,
      name: 'Invented GPU',
      uuid: null,
      driverVersion: null,
      source: 'nvml',
      fault: null,
    }))
    const recording = createRecording(file)
    recording.add({ type: 'gpus', gpus })
    for (const [i, { id }] of gpus.entries()) {
      for (const { tMs, figures } of inventedTicks(i))
        recording.add({ type: 'fast', ticks: [{ tMs, gpus: { [id]: figures } }] })
    }
    recording.close()
    const megabytes = statSync(file).size / 1e6
    const isEqual = isReadBackEqual(file)
    const drawMs = drawHours(file, gpus)
    return [
      {
        ...one,
        name: `${gpuCount} GPUs × ten samples a second × ${hours} h, stored`,
        value: isEqual ? megabytes : Infinity,
        unit: 'MB',
        goal: 60,
        how: `invented training figures, every fast figure of ${gpuCount * hours * ticksPerHour} samples, ${isEqual ? 'read back equal' : 'NOT read back equal'}`,
      },
      {
        ...one,
        name: 'an hour of it, from the file to the chart',
        value: Math.max(...drawMs),
        unit: 'ms',
        goal: 200,
        how: `memory of ${gpuCount} GPUs read, thinned to 800 points each and made a chart option, in processor time; slowest of ${drawMs.length} hours, median ${median(sortedCopy(drawMs)).toFixed(0)} ms`,
      },
    ]
  } finally {
    rmSync(folder, { recursive: true })
  }
}

/** Every sample of every GPU against what was written. */
function isReadBackEqual(file: string): boolean {
  const recording = openRecording(file)
  return recording.gpus.every(({ id }, i) => {
    let place = 0
    const read = recording.ticks(id)
    for (const written of inventedTicks(i)) {
      const tick = read[place++]
      if (tick?.tMs !== written.tMs) return false
      for (const [name, value] of Object.entries(written.figures!))
        if (!Object.is(tick.figures?.[name as keyof FastFigures], value)) return false
    }
    return place === read.length
  })
}

function drawHours(file: string, gpus: readonly MonitoredGpu[]): number[] {
  const recording = openRecording(file)
  return Array.from({ length: hours }, (_, hour) => {
    const from = recording.startMs + hour * 3_600_000
    const start = process.cpuUsage()
    const lines = gpus.map(({ id, name }) => {
      const points = recording.figure(id, 'memoryUsedBytes', from, from + 3_600_000)
      const known = points.flatMap(([tMs, value]) =>
        value === null ? [] : [[(tMs - from) / 1000 - 3600, value / 2 ** 30] as const],
      )
      return { name, points: decimate(known, 800) }
    })
    timeLinesOption({ lines, unit: 'GiB', scheme: 'light' })
    const { user, system } = process.cpuUsage(start)
    return (user + system) / 1000
  })
}

const viewerCount = 10
const messagesPerSecond = 50
const viewerSeconds = 15

/** A server whose monitor says something fifty times a second; ten viewers no longer read. */
async function benchViewers(): Promise<Figure[]> {
  const log = createEventLog<MonitorEvent>({
    maxKept: 7000,
    snapshot: () => ({
      type: 'snapshot',
      state: { gpus: [], samplers: [], fast: [], slow: [] },
    }),
    beginsWithSnapshot: true,
  })
  const contract = implement(hostContract)
  const { router } = createTestRouter()
  const monitor = {
    ...router.monitor,
    events: contract.monitor.events.handler(({ input, signal }) => log.events(input.after, signal)),
  }
  const server = await startServer({
    router: { ...router, monitor },
    pageFolder: 'no-such-folder',
    metrics: () => '',
    patienceMs: 60_000,
  })
  const open = async () => {
    const { host } = new URL(server.origin)
    const socket = new WebSocket(`ws://${host}/rpc`, ['headroom', server.token], {
      origin: server.origin,
    })
    const link = new RPCLink({ websocket: socket as never })
    const client: ContractRouterClient<typeof hostContract> = createORPCClient(link)
    await once(socket, 'open')
    return { socket, events: await client.monitor.events({ after: -1 }) }
  }
  const paused = await Promise.all(Array.from({ length: viewerCount }, open))
  for (const { socket, events } of paused) {
    await events.next()
    socket.pause()
  }
  const healthy = await open()
  const late: number[] = []
  const reading = (async () => {
    for await (const { event } of healthy.events)
      if (event.type === 'fast') late.push(performance.now() - event.ticks[0]!.tMs)
  })()
  let buffered = 0
  const gpus = Object.fromEntries(
    Array.from({ length: 8 }, (_, i) => [
      `gpu-${i}`,
      { ...noFastFigures, memoryUsedBytes: 2 ** 34 + i },
    ]),
  )
  for (let i = 0; i < viewerSeconds * messagesPerSecond; i += 1) {
    log.publish({ type: 'fast', ticks: [{ tMs: performance.now(), gpus }] })
    await new Promise((done) => setTimeout(done, 1000 / messagesPerSecond))
    buffered = Math.max(buffered, mostBuffered())
  }
  log.end()
  healthy.socket.terminate()
  await reading.catch(() => {})
  for (const { socket } of paused) socket.terminate()
  await server.close()
  const sorted = sortedCopy(late)
  return [
    {
      ...one,
      name: 'most that is buffered for a viewer who no longer reads',
      value: buffered / 2 ** 20,
      unit: 'MiB',
      goal: 1,
      how: `${viewerCount} paused sockets, ${messagesPerSecond} messages of 3 kB a second for ${viewerSeconds} s; the fullest of the server's sockets`,
    },
    {
      ...one,
      name: 'a healthy viewer beside them, 99th percentile',
      value: quantileSorted(sorted, 0.99),
      unit: 'ms',
      goal: 100,
      how: `from publishing to reading, ${sorted.length} messages; median ${median(sorted).toFixed(1)} ms`,
    },
  ]
}

/** Bytes that wait in the fullest socket of this process. */
function mostBuffered(): number {
  const handles = (process as unknown as { _getActiveHandles(): unknown[] })._getActiveHandles()
  return handles.reduce<number>(
    (most, handle) => Math.max(most, (handle as Partial<Socket>).writableLength ?? 0),
    0,
  )
}
