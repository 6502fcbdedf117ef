import type { ExplainedTerm } from './explain'
import type { MemoryTerms } from './memoryTerms'

/** The document `headroom/estimate/1`: sizes in bytes per GPU (the fullest one), times in ms, unknown is null. */

export type TrainPhase = 'forward' | 'loss' | 'backward' | 'optimizer'
export type InferPhase = 'load' | 'prefill' | 'decode'
export type Phase = TrainPhase | InferPhase

export type Verdict = 'fits' | 'doesNotFit' | 'tooCloseToCall'

/** Bounds of a 90 % interval, [low, high]. */
export type Interval = readonly [low: number, high: number]

export interface PhaseMemory {
  readonly phase: Phase
  /** Live tensors at the phase's own peak. */
  readonly peakBytes: number
  readonly terms: MemoryTerms
}

/** One point of the picture of live memory over a step. */
export interface TimelinePoint {
  readonly phase: Phase
  /** What is being computed: `decoder layers`, `output head`, `optimizer step`. */
  readonly label: string
  readonly terms: MemoryTerms
}

/** A tensor group that is live at the peak, largest first in `Estimate.largestTensors`. */
export interface LiveTensors {
  readonly label: string
  readonly bytes: number
}

/** A change that needs less memory, and what it costs. */
export interface Relief {
  readonly change: string
  readonly savedBytes: number
  /** Step time after over before; 1.33 is a third slower. */
  readonly timeFactor: number
  readonly fitsAfter: boolean
  /** What else is given up, or null where only time is. */
  readonly price: string | null
}

export interface OtherCalculator {
  readonly name: string
  /** null where its rule has no answer for this job. */
  readonly totalBytes: number | null
  readonly source: string
}

export interface TimeEstimate {
  readonly stepMs: number
  readonly intervalMs: Interval
  readonly tokensPerSecond: number
  readonly fractionOfPeak: number
}

export interface EstimateGpu {
  readonly id: string
  readonly usableBytes: number
}

export interface Estimate {
  readonly schema: 'headroom/estimate/1'
  readonly id: string | null
  readonly parameterCount: number
  readonly trainableParameterCount: number
  /** Peak of live tensors: what `torch.cuda.max_memory_allocated` reports. */
  readonly tensorsPeakBytes: number
  readonly tensorsIntervalBytes: Interval
  /** What the allocator holds at most: `torch.cuda.max_memory_reserved`. */
  readonly reservedPeakBytes: number
  /** With context and workspaces: what nvidia-smi shows for the process. */
  readonly totalPeakBytes: number
  readonly intervalBytes: Interval
  readonly peakPhase: Phase
  /** Live at the peak; adds up to `totalPeakBytes`. */
  readonly terms: MemoryTerms
  readonly phases: readonly PhaseMemory[]
  readonly fileBytes: number | null
  readonly gpu: EstimateGpu | null
  readonly verdict: Verdict | null
  readonly maxBatchSize: number | null
  readonly maxSequenceLength: number | null
  readonly reliefs: readonly Relief[] | null
  readonly time: TimeEstimate | null
  readonly otherCalculators: readonly OtherCalculator[] | null
  readonly assumptions: readonly string[]
}

/** What the page and `--explain` show beside an Estimate. */
export interface ExplainedEstimate {
  readonly estimate: Estimate
  readonly explained: readonly ExplainedTerm[]
  readonly timeline: readonly TimelinePoint[]
  readonly largestTensors: readonly LiveTensors[]
}
