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

/** The largest batch at one sequence length. */
export const FrontierPoint = z.object({
  sequenceLength: z.int(),
  /** By theory; 0 where not even 1 fits. */
  predicted: z.int(),
  /** The largest that ran; 0 where 1 did not, null where none was tried in time. */
  largest: z.int().nullable(),
  /** The smallest that did not fit; null where none was tried. The true largest lies below it. */
  tooLarge: z.int().nullable(),
  /** Whether nothing larger may be asked for. */
  isBound: z.boolean(),
  /** In the order in which they were tried. */
  attempts: z.array(SizeAttempt),
})
export type FrontierPoint = z.infer<typeof FrontierPoint>

/** `headroom/frontier/1`: how far batch and sequence length really go within a limit, beside theory. */
export const FrontierReport = z.object({
  schema: z.literal('headroom/frontier/1'),
  workload: Workload,
  device: Device,
  provider: ExecutionProvider,
  mode: StepMode,
  precision: PrecisionName,
  limitBytes: z.number(),
  limitSource: z.enum(['given', 'device']),
  /** Nothing was tried any more after so long, ms. */
  timeLimitMs: z.number(),
  /** Whether every point was searched to its end. */
  isComplete: z.boolean(),
  /** By sequence length. */
  points: z.array(FrontierPoint),
})
export type FrontierReport = z.infer<typeof FrontierReport>

/** What a search of the frontier tells: each point before it is searched, its attempts, its end. */
export const FrontierEvent = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('predicted'),
    limitBytes: z.number(),
    points: z.array(z.object({ sequenceLength: z.int(), predicted: z.int() })),
  }),
  z.object({ type: z.literal('attempt'), sequenceLength: z.int(), attempt: SizeAttempt }),
  z.object({ type: z.literal('point'), point: FrontierPoint }),
  z.object({ type: z.literal('report'), report: FrontierReport }),
])
export type FrontierEvent = z.infer<typeof FrontierEvent>
