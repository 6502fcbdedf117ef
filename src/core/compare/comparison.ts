import * as z from 'zod'
import { memoryTermNames } from '../estimate/memoryTerms'
import { PrecisionName, StepMode } from '../plan/workload'
import { StepOutcome } from '../run/record'

/** Which run: enough to find it, and to say what it was. */
export const ComparedRun = z.object({
  id: z.string(),
  startedAt: z.string(),
  deviceName: z.string(),
  network: z.string(),
  headroomVersion: z.string(),
})
export type ComparedRun = z.infer<typeof ComparedRun>

export const comparedMetrics = [
  'latencyMs',
  'throughputPerSecond',
  'allocatedPeakBytes',
  'devicePeakBytes',
  'top1',
  'validationLoss',
] as const
export const ComparedMetricName = z.enum(comparedMetrics)
export type ComparedMetricName = z.infer<typeof ComparedMetricName>

/** Whether b is better or worse than a, as far as the measurement can tell. */
export const MetricVerdict = z.enum(['better', 'worse', 'noSignificantDifference', 'notCompared'])
export type MetricVerdict = z.infer<typeof MetricVerdict>

export const ComparedMetric = z.object({
  name: ComparedMetricName,
  a: z.number().nullable(),
  b: z.number().nullable(),
  /** b over a; null where one of them is unknown or a is 0. */
  ratio: z.number().nullable(),
  /** 95 % interval of the ratio; null where the figure has no samples behind it. */
  ciLow: z.number().nullable(),
  ciHigh: z.number().nullable(),
  verdict: MetricVerdict,
})
export type ComparedMetric = z.infer<typeof ComparedMetric>

/**
 * Lines of a step's memory ledger: what the theory's peak is made of, then that peak, then what was
 * measured beside it.
 */
export const ledgerTerms = [
  ...memoryTermNames,
  'theoryPeakBytes',
  'allocatedPeakBytes',
  'unexplainedBytes',
  'arenaSlackBytes',
  'contextBytes',
] as const
export const LedgerTermName = z.enum(ledgerTerms)
export type LedgerTermName = z.infer<typeof LedgerTermName>

/** How a line is known: by formula, by ONNX Runtime's own count, by a look from outside, or what one leaves of another. */
export const LedgerOrigin = z.enum([
  'theory',
  'allocated',
  'allocatedLessTheory',
  'reservedLessAllocated',
  'sampledLessReserved',
])
export type LedgerOrigin = z.infer<typeof LedgerOrigin>

/** Bytes of one purpose in both runs. Computed or counted, not timed: there is no interval. */
export const ComparedLedgerTerm = z.object({
  name: LedgerTermName,
  origin: LedgerOrigin,
  a: z.number().nullable(),
  b: z.number().nullable(),
  /** b less a, bytes; null where one of them is unknown. */
  differenceBytes: z.number().nullable(),
})
export type ComparedLedgerTerm = z.infer<typeof ComparedLedgerTerm>

/** What makes two steps of two runs the same experiment. */
const StepKey = {
  mode: StepMode,
  precision: PrecisionName,
  network: z.string(),
  batchSize: z.int(),
  sequenceLength: z.int().nullable(),
  method: z.string().nullable(),
  optimizer: z.string().nullable(),
}

export const ComparedStep = z.object({
  ...StepKey,
  outcomeA: StepOutcome,
  outcomeB: StepOutcome,
  metrics: z.array(ComparedMetric),
  /** Every line, whether or not it is known, in the order of `ledgerTerms`; however the steps ended. */
  ledger: z.array(ComparedLedgerTerm),
})
export type ComparedStep = z.infer<typeof ComparedStep>

export const ComparisonVerdict = z.enum([
  'regressed',
  'improved',
  'noSignificantDifference',
  'notComparable',
])
export type ComparisonVerdict = z.infer<typeof ComparisonVerdict>

/** `headroom/comparison/1`: the output of `headroom compare A B --json`; b is judged against a. */
export const Comparison = z.object({
  schema: z.literal('headroom/comparison/1'),
  a: ComparedRun,
  b: ComparedRun,
  verdict: ComparisonVerdict,
  /** What was not the same around the two; unknown is null. */
  environment: z.array(
    z.object({ name: z.string(), a: z.string().nullable(), b: z.string().nullable() }),
  ),
  steps: z.array(ComparedStep),
  /** Steps that only one of the two has. */
  unmatched: z.array(z.object({ run: z.enum(['a', 'b']), ...StepKey })),
})
export type Comparison = z.infer<typeof Comparison>
