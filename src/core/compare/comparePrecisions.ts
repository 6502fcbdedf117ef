import { isCrowded } from '../run/hostLoad'
import type { RunRecord, Step } from '../run/record'
import { medianRatio, speedVerdict, type MedianRatio, type SpeedVerdict } from './medianRatio'

// What the precisions of one run mean: each against fp32 of the same mode, on the same device.

/**
 * `crowded`: the ratio is there, but one of the two had to share the processors with other programs,
 * which no interval of its samples knows of.
 */
export type PrecisionSpeed = SpeedVerdict | 'crowded'

/** One step, and how it stands to fp32 of the same mode. */
export interface PrecisionRow {
  /** Index in `record.steps`. */
  readonly index: number
  readonly step: Step
  /** Median latency of fp32 over this one's: 2 is twice as fast. null for fp32 and without samples. */
  readonly speed: MedianRatio | null
  readonly speedVerdict: PrecisionSpeed | null
  /** Fraction of the test set answered rightly, 0 to 1; of the last epoch where only that is known. */
  readonly top1: number | null
  /** Percentage points that fp32 answers rightly more; negative where this one is better. */
  readonly accuracyLossPoints: number | null
  /** Text: mean cross-entropy on the validation split, nats; of the last look where only that is known. */
  readonly validationLoss: number | null
  /**
   * By how much it is above that of fp32 from the same first weights, as a fraction of it: 0.02 is 2 %
   * more. null where there is none: adapters beside trained weights begin where full training ends.
   */
  readonly validationLossExcess: number | null
  /** Speed in runs is not comparable where it was not measured on what was asked for. */
  readonly ranOn: string | null
}

/** What is said about a precision in one line. */
export interface PrecisionVerdict {
  readonly mode: Step['mode']
  readonly precision: Step['precision']
  readonly int8Mode: Step['int8Mode'] | null
  readonly method: Step['method']
  readonly optimizer: Step['optimizer']
  readonly speedVerdict: PrecisionSpeed
  readonly speed: MedianRatio
  readonly accuracyLossPoints: number | null
  readonly validationLoss: number | null
  readonly validationLossExcess: number | null
}

export interface PrecisionComparison {
  readonly rows: readonly PrecisionRow[]
  /** In the order of the rows; one for each precision that could be compared with fp32. */
  readonly verdicts: readonly PrecisionVerdict[]
  /** The one to be said first: of inference where there is one, the fastest that keeps its accuracy. */
  readonly headline: PrecisionVerdict | null
}

/** A precision that loses more than this is not recommended, however fast: 1 point of test accuracy. */
export const acceptableLossPoints = 1

/** The same of text: a validation loss 2 % above that of fp32. */
export const acceptableLossExcess = 0.02

/** Every step of `record` in its order, with its speed and accuracy against fp32. Pure. */
export function comparePrecisions(record: RunRecord): PrecisionComparison {
  const rows = record.steps.map((step, index) => precisionRow(step, index, record.steps))
  const verdicts = rows.flatMap((row): PrecisionVerdict[] => {
    if (!row.speed || !row.speedVerdict) return []
    const { mode, precision, int8Mode = null, method, optimizer } = row.step
    const { speed, speedVerdict, accuracyLossPoints, validationLoss, validationLossExcess } = row
    const accuracy = { accuracyLossPoints, validationLoss, validationLossExcess }
    return [{ mode, precision, int8Mode, method, optimizer, speed, speedVerdict, ...accuracy }]
  })
  return { rows, verdicts, headline: chooseHeadline(verdicts) }
}

function precisionRow(step: Step, index: number, steps: readonly Step[]): PrecisionRow {
  const references = steps.filter(
    ({ mode, precision, outcome }) =>
      mode === step.mode && precision === 'fp32' && outcome === 'completed',
  )
  const [baseline] = references
  const isCompared = baseline !== undefined && baseline !== step && step.outcome === 'completed'
  const speed = isCompared
    ? medianRatio(baseline.latencySamplesMs, step.latencySamplesMs, {
        scale: step.batchSize / baseline.batchSize,
      })
    : null
  const isShared = isCrowded(step.hostLoad) || isCrowded(baseline?.hostLoad)
  const top1 = finalTop1(step)
  const fp32 = baseline === step ? null : (finalTop1(baseline) ?? step.accuracy?.top1Fp32 ?? null)
  const validationLoss = finalValidationLoss(step)
  const sameStart = references.find((reference) => hasAdapters(reference) === hasAdapters(step))
  const fp32Loss = sameStart === step ? null : finalValidationLoss(sameStart)
  return {
    index,
    step,
    speed,
    speedVerdict: speed && (isShared ? 'crowded' : speedVerdict(speed)),
    top1,
    accuracyLossPoints: top1 === null || fp32 === null ? null : 100 * (fp32 - top1),
    validationLoss,
    validationLossExcess:
      validationLoss === null || fp32Loss === null ? null : validationLoss / fp32Loss - 1,
    ranOn: step.executionProvider.actual,
  }
}

function hasAdapters({ method }: Step): boolean {
  return method !== null && method !== 'full'
}

/** Test accuracy at the end of a step, 0 to 1; null where it was not taken. */
export function finalTop1(step: Step | undefined): number | null {
  return step?.accuracy?.top1 ?? step?.epochs.at(-1)?.testAccuracy ?? null
}

/** Validation loss at the end of a step on text, nats; null where it was not taken. */
export function finalValidationLoss(step: Step | undefined): number | null {
  return step?.accuracy?.validationLoss ?? step?.validation.at(-1)?.loss ?? null
}

function chooseHeadline(verdicts: readonly PrecisionVerdict[]): PrecisionVerdict | null {
  const inference = verdicts.filter(({ mode }) => mode === 'infer')
  const candidates = inference.length > 0 ? inference : verdicts
  const rank = ({ speedVerdict: verdict, speed, ...accuracy }: PrecisionVerdict): number => {
    const { accuracyLossPoints, validationLoss, validationLossExcess } = accuracy
    const keeps =
      (accuracyLossPoints ?? 0) <= acceptableLossPoints &&
      (validationLossExcess ?? 0) <= acceptableLossExcess
    if (!keeps) return -2
    // Of those that are all slower the least slow.
    if (verdict === 'slower') return speed.ratio - 2
    if (verdict !== 'faster') return 0
    return validationLoss === null || validationLossExcess !== null ? speed.ratio : -1
  }
  return candidates.reduce<PrecisionVerdict | null>(
    (best, candidate) => (best === null || rank(candidate) > rank(best) ? candidate : best),
    null,
  )
}
