import * as z from 'zod'

// Whether a step had the processors that it wanted. One that had to share them is kept and marked: its
// times are true of that moment, and no other step may be called faster or slower by them.

/** Who kept the processors busy while the latency was measured: means, in logical processors. */
export const HostLoad = z.object({
  /** The process that measured. */
  engineProcessors: z.number(),
  /** Everybody else, Headroom's own window among them. */
  otherProcessors: z.number(),
  logicalProcessors: z.int(),
})
export type HostLoad = z.infer<typeof HostLoad>

/** Less than this share of all processors, taken or left, is what every system does by the way. */
const noticeableShare = 0.1

/** Others kept processors busy, and none was left over: so the engine waited for them. */
export function isCrowded(load: HostLoad | undefined): boolean {
  if (!load) return false
  const { engineProcessors, otherProcessors, logicalProcessors } = load
  const noticeable = noticeableShare * logicalProcessors
  const left = logicalProcessors - engineProcessors - otherProcessors
  return otherProcessors > noticeable && left < noticeable
}

/** What a reader must know of it, in a sentence; none where the engine had what it wanted. */
export function crowdedNotes(load: HostLoad | undefined): string[] {
  if (!load || !isCrowded(load)) return []
  return [
    `other programs kept ${load.otherProcessors.toFixed(1)} of ${load.logicalProcessors} processors busy meanwhile and none was free: nothing is called faster or slower by these times`,
  ]
}
