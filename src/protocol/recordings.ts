import * as z from 'zod'
import type { MonitoredGpu } from '../core/monitor/monitorState'
import type { RecordingSummary } from '../core/monitor/recordingSummary'
import type { LinePoint } from '../core/monitor/thinLine'

/** One recording of the data folder. */
export const RecordingListing = z.object({
  id: z.string(),
  startedAt: z.iso.datetime(),
  bytes: z.number(),
  isRunning: z.boolean(),
  /** Why it ended before it was stopped, in one line (a full disk); null where it did not. */
  problem: z.string().nullable(),
})
export type RecordingListing = z.infer<typeof RecordingListing>

/** Figures that are drawn of a recording. */
export const drawnFigures = [
  'memoryUsedBytes',
  'gpuUtilizationPercent',
  'smClockMHz',
  'powerDrawWatts',
  'temperatureCelsius',
] as const
export type DrawnFigure = (typeof drawnFigures)[number]

/** What a recording holds. */
export interface RecordingReport {
  readonly id: string
  readonly isRunning: boolean
  readonly startMs: number
  readonly endMs: number
  /** Parts that are damaged or cut short. */
  readonly lostChunkCount: number
  readonly gpus: readonly RecordedGpu[]
}

export interface RecordedGpu {
  readonly gpu: MonitoredGpu
  readonly summary: RecordingSummary
  /** Memory that was used at the first moment that was told: before what is recorded began, one hopes. */
  readonly memoryFirstBytes: number | null
  readonly memoryTotalBytes: number | null
}

/** Lines of one GPU between two moments, thinned without losing a peak or a gap. */
export interface RecordedLines {
  readonly lines: Readonly<Record<DrawnFigure, readonly LinePoint[]>>
  /** Stretches in which heat or power supply held the clocks down. */
  readonly throttled: readonly (readonly [fromMs: number, toMs: number])[]
}

/** Names a file of the data folder, and so no path. */
export const RecordingId = z.object({ id: z.string().regex(/^[\w-]{1,64}$/) })

export const RecordedSpan = RecordingId.extend({
  gpuId: z.string().max(64),
  fromMs: z.number(),
  toMs: z.number(),
})
export type RecordedSpan = z.infer<typeof RecordedSpan>
