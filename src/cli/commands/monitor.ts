import { InputError } from '../../core/errors'
import { monitorSample } from '../../core/monitor/monitorSample'
import {
  applyMonitorEvent,
  emptyMonitorState,
  type MonitorEvent,
  type MonitorState,
} from '../../core/monitor/monitorState'
import { createRecording } from '../../profiler/monitor/recordingFile'
import { exitCodes, type ExitCode } from '../exitCodes'
import type { HostClient } from '../hostClient'
import { onInterrupt } from '../onInterrupt'
import { printJson } from '../printJson'
import type { Terminal } from '../terminal'
import { monitorText } from '../text/monitorText'

export interface MonitorCommandOptions {
  readonly json?: boolean
  /** Seconds from one line to the next. */
  readonly period?: string
  /** How many lines; without it until it is interrupted. */
  readonly count?: string
  /** File that every sample is written to as well. */
  readonly record?: string
}

/** Prints what the GPUs do, again and again, until it is interrupted. */
export async function monitor(
  client: HostClient,
  { out, err }: Terminal,
  { json = false, period = '1', count, record }: MonitorCommandOptions,
): Promise<ExitCode> {
  const periodMs = 1000 * readNumber('--period', period, 0.1, 3600)
  const most = count === undefined ? Infinity : readNumber('--count', count, 1, 1e9)
  const recording = record === undefined ? null : createRecording(record)
  const end = new AbortController()
  const stopListening = onInterrupt(() => end.abort())
  let state: MonitorState = emptyMonitorState
  let lastMs: number | null = null
  let printed = 0
  try {
    for await (const { event } of await client.monitor.events(
      { after: -1 },
      { signal: end.signal },
    )) {
      state = applyMonitorEvent(state, event)
      recording?.add(event)
      const problem = problemOf(event)
      if (problem !== null) err.line(`! ${problem}`)
      const tMs = timeOf(event, state)
      // Periods of a sampler jitter: half of the shortest one belongs to either side.
      if (tMs === null || (lastMs !== null && tMs - lastMs < periodMs - 50)) continue
      lastMs = tMs
      const sample = monitorSample(state, tMs)
      if (json) printJson(out, sample)
      else out.line(monitorText(sample, out))
      printed += 1
      if (printed >= most) break
    }
  } catch (error) {
    if (!end.signal.aborted) throw error
  } finally {
    stopListening()
    recording?.close()
  }
  return exitCodes.ok
}

/** When the figures of `event` were taken; null where it has none to be printed for. */
function timeOf(event: MonitorEvent, state: MonitorState): number | null {
  if (event.type === 'fast') return event.ticks.at(-1)?.tMs ?? null
  if (event.type !== 'slow' || event.tick.host === null) return null
  // Without a GPU that answers the host's own figures, once a second, are all there is.
  const lastMs = state.fast.at(-1)?.tMs ?? 0
  const isFollowed = event.tick.tMs - lastMs < silentAfterMs
  return isFollowed ? null : event.tick.tMs
}

/** Longer than any sampler's period. */
const silentAfterMs = 2500

/** Why no driver answers, once; what a sampler that hangs says is printed with the figures. */
function problemOf(event: MonitorEvent): string | null {
  if (event.type !== 'sampler') return null
  const { sampler, state, reason } = event.health
  return state === 'absent' && sampler === 'fast' && reason !== null
    ? `no GPU answers by itself: ${reason}`
    : null
}

function readNumber(path: string, text: string, least: number, most: number): number {
  const value = Number(text)
  if (text.trim() !== '' && value >= least && value <= most) return value
  throw new InputError({
    code: 'INVALID_VALUE',
    path,
    message: `"${text}" is not possible, give a number from ${least} to ${most}`,
  })
}
