import { isThrottled } from '../../core/monitor/clockReasons'
import type { FastFigures } from '../../core/monitor/figures'
import type { MonitorState } from '../../core/monitor/monitorState'

// Figures as points of a chart: seconds before now, and the value. Where nobody answered the line is
// broken: a null point stands there.

export type SeriesPoint = readonly [seconds: number, value: number | null]

/** Seconds that a chart shows. */
export const shownSeconds = 120
/** A silence of so many usual distances is a gap, and never less than this. */
const gapPeriods = 5
const leastGapMs = 700

interface Moment<T> {
  readonly tMs: number
  readonly value: T | null
}

/** The end of the time that is shown: that of the newest tick. */
export function endOf({ fast, slow }: MonitorState): number {
  return Math.max(fast.at(-1)?.tMs ?? 0, slow.at(-1)?.tMs ?? 0)
}

/** Fast figures of a GPU, moment by moment. */
export function fastMoments({ fast }: MonitorState, gpuId: string): readonly Moment<FastFigures>[] {
  return fast.flatMap(({ tMs, gpus }) =>
    gpuId in gpus ? [{ tMs, value: gpus[gpuId] ?? null }] : [],
  )
}

/** `read` of every moment as points before `endMs`, with a null in every gap. */
export function toPoints<T>(
  moments: readonly Moment<T>[],
  endMs: number,
  read: (value: T) => number | null,
): SeriesPoint[] {
  const gapMs = Math.max(leastGapMs, gapPeriods * usualDistanceMs(moments))
  const points: SeriesPoint[] = []
  let beforeMs: number | null = null
  for (const { tMs, value } of moments) {
    if (beforeMs !== null && tMs - beforeMs > gapMs) points.push([(beforeMs - endMs) / 1000, null])
    points.push([(tMs - endMs) / 1000, value === null ? null : read(value)])
    beforeMs = tMs
  }
  if (beforeMs !== null && endMs - beforeMs > gapMs) points.push([(beforeMs - endMs) / 1000, null])
  return points
}

/** The median distance, so that one gap does not hide another. */
function usualDistanceMs(moments: readonly Moment<unknown>[]): number {
  const distances = moments.slice(1).map(({ tMs }, i) => tMs - moments[i]!.tMs)
  return distances.toSorted((a, b) => a - b)[Math.floor(distances.length / 2)] ?? 0
}

/** Stretches in which heat or power supply held the clocks down, in seconds before `endMs`. */
export function throttledSpans(
  moments: readonly Moment<FastFigures>[],
  endMs: number,
): readonly (readonly [from: number, to: number])[] {
  const spans: [number, number][] = []
  let isOpen = false
  for (const { tMs, value } of moments) {
    const seconds = (tMs - endMs) / 1000
    const isNow = isThrottled(value?.clocksEventReasons ?? null)
    if (isNow && !isOpen) spans.push([seconds, seconds])
    else if (isNow || isOpen) spans.at(-1)![1] = seconds
    isOpen = isNow
  }
  return spans
}

/** Who holds a GPU's memory at each moment, in bytes; processes are known once a second. */
export interface Occupancy {
  readonly driverReserve: readonly SeriesPoint[]
  readonly own: readonly SeriesPoint[]
  readonly others: readonly SeriesPoint[]
  readonly spill: readonly SeriesPoint[]
}

export function occupancy(state: MonitorState, gpuId: string, endMs: number): Occupancy {
  const moments = fastMoments(state, gpuId)
  const ownAt = ownBytesOver(state, gpuId)
  const own = moments.map(({ tMs, value }) => ({
    tMs,
    value: value && { used: value.memoryUsedBytes, own: ownAt(tMs) },
  }))
  type Held = NonNullable<(typeof own)[number]['value']>
  const split = (read: (held: Held & { used: number }) => number) =>
    toPoints(own, endMs, (held) => (held.used === null ? null : read({ ...held, used: held.used })))
  return {
    driverReserve: toPoints(moments, endMs, ({ memoryReservedBytes }) => memoryReservedBytes),
    own: split(({ used, own: bytes }) => Math.min(used, bytes)),
    others: split(({ used, own: bytes }) => Math.max(0, used - bytes)),
    spill: toPoints(moments, endMs, ({ spillBytes }) => spillBytes),
  }
}

/** What our own processes held at a time, by the last list of processes before it. */
function ownBytesOver({ slow }: MonitorState, gpuId: string): (tMs: number) => number {
  let place = 0
  let bytes = 0
  return (tMs) => {
    for (; place < slow.length && slow[place]!.tMs <= tMs; place += 1) {
      const { gpus, host } = slow[place]!
      const own = new Set(host?.ownPids)
      bytes = (gpus[gpuId]?.processes ?? [])
        .filter(({ pid }) => own.has(pid))
        .reduce((sum, { usedBytes }) => sum + (usedBytes ?? 0), 0)
    }
    return bytes
  }
}
