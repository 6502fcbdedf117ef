import * as z from 'zod'
import { Device, ExecutionProvider } from '../device'
import { PrecisionName, StepMode, Workload } from './workload'

export const sizeNames = ['batchSize', 'sequenceLength'] as const
export const SizeName = z.enum(sizeNames)
export type SizeName = z.infer<typeof SizeName>

/** One size that was tried, each in a process of its own. */
export const SizeAttempt = z.object({
  size: z.int(),
  fits: z.boolean(),
  /** What the graph should take. */
  theoryBytes: z.number(),
  /** Allocated peak; null where it broke off before. */
  measuredBytes: z.number().nullable(),
  /** Why it does not fit, one line; null where it does. */
  reason: z.string().nullable(),
})
export type SizeAttempt = z.infer<typeof SizeAttempt>

/** `headroom/largest/1`: the largest size that really runs, beside the one that theory says. */
export const LargestReport = z.object({
  schema: z.literal('headroom/largest/1'),
  workload: Workload,
  device: Device,
  provider: ExecutionProvider,
  mode: StepMode,
  precision: PrecisionName,
  size: SizeName,
  limitBytes: z.number(),
  /** Whose limit that is: given, or what the device has free. */
  limitSource: z.enum(['given', 'device']),
  /** By theory; 0 where not even 1 fits. */
  predicted: z.int(),
  /** Measured; 0 where not even 1 fits. */
  largest: z.int(),
  /** Whether nothing larger was tried, because the network or the contract ends there. */
  isBound: z.boolean(),
  /** In the order in which they were tried. */
  attempts: z.array(SizeAttempt),
})
export type LargestReport = z.infer<typeof LargestReport>

/** What a search tells: each size as it was tried, then what came of them. */
export const LargestEvent = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('attempt'),
    attempt: SizeAttempt,
    limitBytes: z.number(),
    predicted: z.int(),
  }),
  z.object({ type: z.literal('report'), report: LargestReport }),
])
export type LargestEvent = z.infer<typeof LargestEvent>
