import { eventIterator, oc } from '@orpc/contract'
import * as z from 'zod'
import { NvmlReport } from '../core/doctor/nvmlReport'
import { FastTick, MonitoredGpu, Scheduling, SlowTick } from '../core/monitor/monitorState'

// What the application may ask of a monitor process. There are two, with one role each, so that a
// question that takes long never delays the figures that change fast.

export const SamplerRole = z.enum(['fast', 'slow'])
export type SamplerRole = z.infer<typeof SamplerRole>

/** The highest rate: 100 a second. */
export const leastPeriodMs = 10

const Period = z.number().min(leastPeriodMs).max(60_000)

export const SamplerEvent = z.discriminatedUnion('type', [
  /** First, and again when a GPU is lost or answers again. */
  z.object({
    type: z.literal('gpus'),
    gpus: z.array(MonitoredGpu),
    /** Why NVML does not answer, in one line; null where it does. */
    problem: z.string().nullable(),
    scheduling: Scheduling,
  }),
  z.object({ type: z.literal('fast'), tick: FastTick }),
  z.object({ type: z.literal('slow'), tick: SlowTick }),
])
export type SamplerEvent = z.infer<typeof SamplerEvent>

export const monitorContract = {
  /** Until the process ends; one with the role `fast` ends by itself where there is no GPU. */
  follow: oc
    .input(z.object({ role: SamplerRole, periodMs: Period }))
    .output(eventIterator(SamplerEvent)),
  setPeriod: oc.input(z.object({ periodMs: Period })),
  /** How far NVML comes; it may hang, or take the process with it. */
  checkNvml: oc.output(NvmlReport),
}
