import * as z from 'zod'
import { decodeClockReasons, isThrottled, throttleMask } from '../monitor/clockReasons'
import type { FastFigures, GpuProcess } from '../monitor/figures'
import { formatBytes } from '../units'

// Whether a step had its GPU to itself, and at its full clocks. A step that had not is kept and marked:
// its figures are true of that moment and of no other.

export const DeviceConditions = z.object({
  /** Moments at which the driver told why the clocks are as they are. */
  sampleCount: z.int(),
  /** Of these, the ones at which heat or power supply held them down (mask 0xE8). */
  throttledSampleCount: z.int(),
  /** By NVML's names. */
  throttleReasons: z.array(z.string()),
  /** Programs that held memory of the GPU beside ours, the largest first. */
  otherProcesses: z.array(
    z.object({
      pid: z.int(),
      name: z.string().nullable(),
      /** null where the driver does not say how much. */
      peakBytes: z.number().nullable(),
    }),
  ),
})
export type DeviceConditions = z.infer<typeof DeviceConditions>

/** Collects what happens beside a step. */
export interface ConditionsWatch {
  addFigures(figures: FastFigures): void
  /** @param ownPids of every process that this run started */
  addProcesses(processes: readonly GpuProcess[], ownPids: ReadonlySet<number>): void
  /** null where nobody told anything. */
  conditions(): DeviceConditions | null
}

export function createConditionsWatch(): ConditionsWatch {
  let sampleCount = 0
  let throttledSampleCount = 0
  let throttledBits = 0
  let isListed = false
  const others = new Map<number, DeviceConditions['otherProcesses'][number]>()
  return {
    addFigures({ clocksEventReasons }) {
      if (clocksEventReasons === null) return
      sampleCount += 1
      if (!isThrottled(clocksEventReasons)) return
      throttledSampleCount += 1
      throttledBits |= clocksEventReasons & throttleMask
    },
    addProcesses(processes, ownPids) {
      isListed = true
      for (const { pid, name, usedBytes } of processes) {
        if (ownPids.has(pid)) continue
        const before = others.get(pid)?.peakBytes ?? null
        const peakBytes =
          usedBytes === null ? before : before === null ? usedBytes : Math.max(before, usedBytes)
        others.set(pid, { pid, name, peakBytes })
      }
    },
    conditions: () =>
      sampleCount === 0 && !isListed
        ? null
        : {
            sampleCount,
            throttledSampleCount,
            throttleReasons: decodeClockReasons(throttledBits),
            otherProcesses: [...others.values()].toSorted(
              (a, b) => (b.peakBytes ?? -1) - (a.peakBytes ?? -1),
            ),
          },
  }
}

/** What a reader must know of them, in sentences; none where the GPU was ours and unhindered. */
export function conditionNotes(conditions: DeviceConditions | null): string[] {
  if (conditions === null) return []
  const { sampleCount, throttledSampleCount, throttleReasons, otherProcesses } = conditions
  const [first, ...more] = otherProcesses
  const others = more.length === 0 ? '' : ` and ${more.length} more`
  return [
    ...(throttledSampleCount > 0
      ? [
          `throttled at ${throttledSampleCount} of ${sampleCount} moments (${throttleReasons.join(', ')}): not comparable with a run at full clocks`,
        ]
      : []),
    ...(first
      ? [
          `shared GPU: ${first.name ?? 'a program'} (PID ${first.pid}) held ${formatBytes(first.peakBytes)} of it${others}, so speed and device memory are not this run's alone`,
        ]
      : []),
  ]
}
