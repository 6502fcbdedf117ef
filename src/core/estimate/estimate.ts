import * as z from 'zod'
import { ExplainedTerm } from './explain'
import { memoryTermNames } from './memoryTerms'

/**
 * The documents `headroom/estimate/1` and `headroom/explanation/1`: sizes in bytes per GPU (the
 * fullest one), times in ms, unknown is null.
 */

const MemoryTerms = z.record(z.enum(memoryTermNames), z.number()).readonly()

const TrainPhase = z.enum(['forward', 'loss', 'backward', 'optimizer'])
export type TrainPhase = z.infer<typeof TrainPhase>
const InferPhase = z.enum(['load', 'prefill', 'decode'])
export type InferPhase = z.infer<typeof InferPhase>
const Phase = z.enum([...TrainPhase.options, ...InferPhase.options])
export type Phase = z.infer<typeof Phase>

export const Verdict = z.enum(['fits', 'doesNotFit', 'tooCloseToCall'])
export type Verdict = z.infer<typeof Verdict>

/** Bounds of a 90 % interval, [low, high]. */
export const Interval = z.tuple([z.number(), z.number()]).readonly()
export type Interval = readonly [low: number, high: number]

const PhaseMemory = z
  .object({
    phase: Phase,
    /** Live tensors at the phase's own peak. */
    peakBytes: z.number(),
    terms: MemoryTerms,
  })
  .readonly()
export type PhaseMemory = z.infer<typeof PhaseMemory>

/** One point of the picture of live memory over a step. */
const TimelinePoint = z
  .object({
    phase: Phase,
    /** What is being computed: `decoder layers`, `output head`, `optimizer step`. */
    label: z.string(),
    terms: MemoryTerms,
  })
  .readonly()
export type TimelinePoint = z.infer<typeof TimelinePoint>

/** A tensor group that is live at the peak, largest first in `ExplainedEstimate.largestTensors`. */
const LiveTensors = z.object({ label: z.string(), bytes: z.number() }).readonly()
export type LiveTensors = z.infer<typeof LiveTensors>

/** A change that needs less memory, and what it costs. */
export const Relief = z
  .object({
    change: z.string(),
    savedBytes: z.number(),
    /** Step time after over before; 1.33 is a third slower. */
    timeFactor: z.number(),
    fitsAfter: z.boolean(),
    /** What else is given up, or null where only time is. */
    price: z.string().nullable(),
    /** The fields of the Job that it sets, as a Job has them: who applies it needs no more. */
    changes: z.record(z.string(), z.unknown()).readonly(),
  })
  .readonly()
export type Relief = z.infer<typeof Relief>

const OtherCalculator = z
  .object({
    name: z.string(),
    /** null where its rule has no answer for this job. */
    totalBytes: z.number().nullable(),
    source: z.string(),
  })
  .readonly()
export type OtherCalculator = z.infer<typeof OtherCalculator>

const TimePhaseName = z.enum([
  'forward',
  'loss',
  'recompute',
  'backward',
  'optimizer',
  'prefill',
  'decode',
])
export type TimePhaseName = z.infer<typeof TimePhaseName>

const TimePhase = z
  .object({
    phase: TimePhaseName,
    /** How often a step goes through it: micro-batches, generated tokens. */
    passes: z.number(),
    /** Operations of all passes together, as `bytes` and `ms`. */
    flops: z.number(),
    /** Moved between the GPU's memory and its cores. */
    bytes: z.number(),
    boundBy: z.enum(['compute', 'memory']),
    ms: z.number(),
  })
  .readonly()
export type TimePhase = z.infer<typeof TimePhase>

const TimeEstimate = z
  .object({
    /** Sum over `phases`. */
    stepMs: z.number(),
    intervalMs: Interval,
    tokensPerSecond: z.number(),
    /** Of `rates.peakFlopsPerSecond`. */
    fractionOfPeak: z.number(),
    phases: z.array(TimePhase).readonly(),
    rates: z
      .object({
        /** What phases are divided by. */
        flopsPerSecond: z.number(),
        bytesPerSecond: z.number(),
        /** What the GPU does at best, by the same source. */
        peakFlopsPerSecond: z.number(),
        peakBytesPerSecond: z.number(),
        source: z.string(),
      })
      .readonly(),
  })
  .readonly()
export type TimeEstimate = z.infer<typeof TimeEstimate>

const EstimateGpu = z.object({ id: z.string(), usableBytes: z.number() }).readonly()
export type EstimateGpu = z.infer<typeof EstimateGpu>

export const Estimate = z
  .object({
    schema: z.literal('headroom/estimate/1'),
    id: z.string().nullable(),
    parameterCount: z.number(),
    trainableParameterCount: z.number(),
    /** Peak of live tensors: what `torch.cuda.max_memory_allocated` reports. */
    tensorsPeakBytes: z.number(),
    tensorsIntervalBytes: Interval,
    /** What the allocator holds at most: `torch.cuda.max_memory_reserved`. */
    reservedPeakBytes: z.number(),
    /** With context and workspaces: what nvidia-smi shows for the process. */
    totalPeakBytes: z.number(),
    intervalBytes: Interval,
    peakPhase: Phase,
    /** Live at the peak; adds up to `totalPeakBytes`. */
    terms: MemoryTerms,
    phases: z.array(PhaseMemory).readonly(),
    fileBytes: z.number().nullable(),
    gpu: EstimateGpu.nullable(),
    verdict: Verdict.nullable(),
    maxBatchSize: z.number().nullable(),
    maxSequenceLength: z.number().nullable(),
    reliefs: z.array(Relief).readonly().nullable(),
    time: TimeEstimate.nullable(),
    otherCalculators: z.array(OtherCalculator).readonly().nullable(),
    assumptions: z.array(z.string()).readonly(),
  })
  .readonly()
export type Estimate = z.infer<typeof Estimate>

/** What the page and `--explain` show beside an Estimate. */
export const ExplainedEstimate = z
  .object({
    estimate: Estimate,
    explained: z.array(ExplainedTerm).readonly(),
    timeline: z.array(TimelinePoint).readonly(),
    largestTensors: z.array(LiveTensors).readonly(),
  })
  .readonly()
export type ExplainedEstimate = z.infer<typeof ExplainedEstimate>
