import {
  applyMonitorEvent,
  emptyMonitorState,
  type MonitorEvent,
  type MonitorState,
  type NumberedMonitorEvent,
} from '../../core/monitor/monitorState'
import { thinTicks } from '../../core/monitor/thinTicks'
import type { SamplerEvent, SamplerRole } from '../../protocol/monitorContract'
import type { Clock } from '../clock'
import type { EngineChild } from '../engineProcess'
import { createEventLog } from '../eventLog'
import { startSamplerProcess, type SamplerProcess } from './samplerProcess'
import type { ToolSampler } from './toolSampler'

export interface MonitorOptions {
  /** Starts a monitor process. */
  readonly launch: () => EngineChild
  /** Asks the system's tools where no driver answers by itself. */
  readonly startToolSampler: (onEvent: (event: MonitorEvent) => void) => ToolSampler
  readonly clock: Clock
  readonly readProcessBytes: (pid: number) => Promise<number | null>
}

/** What the GPUs do, for everybody who asks. It works while somebody holds it, and a minute longer. */
export interface Monitor {
  readonly state: MonitorState
  /** Starts it, or keeps it working; the fastest of all who hold it decides the period. */
  hold(options?: { readonly fastPeriodMs?: number }): () => void
  /** Everything after `after` (−1: from a snapshot), then what happens; it holds meanwhile. */
  events(after: number, signal?: AbortSignal): AsyncGenerator<NumberedMonitorEvent, void>
  /** Calls `listener` with every event until the returned function is called. */
  listen(listener: (event: MonitorEvent) => void): () => void
  /** `pid` is a process of this application that computes; until the returned function is called. */
  watchOwn(pid: number): () => void
  /** Processes of this application that compute now. */
  readonly ownPids: ReadonlySet<number>
  close(): void
}

/** Ten a second: what a chart can show, and little beside what it watches. */
export const usualFastPeriodMs = 100
const slowPeriodMs = 1000
/** Whoever comes back to the page within a minute finds it without a hole. */
const lingerMs = 60_000
const lingerCheckMs = 5000
/** Ten minutes of the usual rate. */
const maxKeptEvents = 7000
/** At higher rates ticks travel together, about twenty times a second. */
const batchMs = 50
/** A snapshot must fit into what a slow viewer may have buffered, 1 MiB; one GPU's tick takes 400 bytes. */
const snapshotBytes = 600_000
const tickBytes = 400

export function createMonitor(options: MonitorOptions): Monitor {
  const { launch, startToolSampler, clock, readProcessBytes } = options
  let state: MonitorState = emptyMonitorState
  let samplers: Record<SamplerRole, SamplerProcess> | null = null
  let tool: ToolSampler | null = null
  let idleSinceMs: number | null = null
  let pending: (MonitorEvent & { type: 'fast' })['ticks'] = []
  const holders = new Set<{ readonly fastPeriodMs: number }>()
  const listeners = new Set<(event: MonitorEvent) => void>()
  const own = new Set<number>()
  const log = createEventLog<MonitorEvent>({
    maxKept: maxKeptEvents,
    snapshot: () => ({ type: 'snapshot', state: portable(state) }),
    beginsWithSnapshot: true,
    firstSequence: Math.floor(clock.wallMs()),
  })

  function publish(event: MonitorEvent): void {
    state = applyMonitorEvent(state, event)
    log.publish(event)
    for (const listener of listeners) listener(event)
  }

  const fastPeriodMs = () =>
    Math.min(usualFastPeriodMs, ...[...holders].map((holder) => holder.fastPeriodMs))

  function onFast(event: SamplerEvent): void {
    if (event.type === 'gpus') publish({ type: 'gpus', gpus: event.gpus })
    if (event.type !== 'fast') return
    pending.push(event.tick)
    if (pending.length * fastPeriodMs() < batchMs) return
    publish({ type: 'fast', ticks: pending })
    pending = []
  }

  async function onSlow(event: SamplerEvent): Promise<void> {
    if (event.type !== 'slow') return
    const { tick } = event
    const sizes = await Promise.all([...own].map((pid) => readProcessBytes(pid)))
    const known = sizes.filter((bytes) => bytes !== null)
    const engineBytes = known.length === 0 ? null : known.reduce((sum, bytes) => sum + bytes, 0)
    const host = tick.host && { ...tick.host, engineBytes, ownPids: [...own] }
    publish({ type: 'slow', tick: { ...tick, host } })
  }

  function start(): void {
    const shared = { launch, clock }
    samplers = {
      fast: startSamplerProcess({
        ...shared,
        role: 'fast',
        periodMs: fastPeriodMs(),
        onEvent: onFast,
        onHealth(health) {
          publish({ type: 'sampler', health })
          // Without a driver that answers there may still be a tool that knows.
          if (health.state === 'absent') tool ??= startToolSampler(publish)
        },
      }),
      slow: startSamplerProcess({
        ...shared,
        role: 'slow',
        periodMs: slowPeriodMs,
        onEvent: (event) => void onSlow(event),
        onHealth: (health) => publish({ type: 'sampler', health }),
      }),
    }
  }

  function stop(): void {
    samplers?.fast.stop()
    samplers?.slow.stop()
    tool?.stop()
    samplers = null
    tool = null
    pending = []
  }

  const stopChecking = clock.repeat(lingerCheckMs, () => {
    if (samplers === null || idleSinceMs === null) return
    if (clock.nowMs() - idleSinceMs >= lingerMs) stop()
  })

  function hold({ fastPeriodMs: wanted = usualFastPeriodMs } = {}): () => void {
    const holder = { fastPeriodMs: wanted }
    holders.add(holder)
    idleSinceMs = null
    if (samplers === null) start()
    samplers?.fast.setPeriod(fastPeriodMs())
    return () => {
      if (!holders.delete(holder)) return
      samplers?.fast.setPeriod(fastPeriodMs())
      if (holders.size === 0) idleSinceMs = clock.nowMs()
    }
  }

  return {
    get state() {
      return state
    },
    hold,
    async *events(after, signal) {
      const release = hold()
      try {
        yield* log.events(after, signal)
      } finally {
        release()
      }
    },
    listen(listener) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    watchOwn(pid) {
      own.add(pid)
      return () => void own.delete(pid)
    },
    ownPids: own,
    close() {
      stopChecking()
      stop()
      log.end()
    },
  }
}

/** `state` without ticks that make it too large to send at once; no peak of memory is lost. */
function portable(state: MonitorState): MonitorState {
  const gpuCount = Math.max(1, state.gpus.length)
  return {
    ...state,
    fast: [...thinTicks(state.fast, Math.floor(snapshotBytes / tickBytes / gpuCount))],
  }
}
