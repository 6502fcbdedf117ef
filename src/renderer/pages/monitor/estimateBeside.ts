import type { Estimate } from '../../../core/estimate/estimate'
import type { RecordedGpu } from '../../../protocol/recordings'

/** An estimate held against what was recorded of a whole GPU; bytes. */
export interface EstimateBeside {
  /** Where the estimate is drawn: it stands on what was in use before. */
  readonly lineBytes: number
  readonly beforeBytes: number
  /** Recorded peak less what was in use before; null where no memory was reported. */
  readonly measuredBytes: number | null
  /** Measured less estimated. */
  readonly differenceBytes: number | null
  /** Difference over the estimate; 0.05 means 5 %. */
  readonly relativeDifference: number | null
  readonly isWithinInterval: boolean | null
}

export function estimateBeside(
  { summary, memoryFirstBytes }: Pick<RecordedGpu, 'summary' | 'memoryFirstBytes'>,
  {
    totalPeakBytes,
    intervalBytes: [low, high],
  }: Pick<Estimate, 'totalPeakBytes' | 'intervalBytes'>,
): EstimateBeside {
  const before = memoryFirstBytes ?? 0
  const { memoryPeakBytes } = summary
  const measured = memoryPeakBytes === null ? null : memoryPeakBytes - before
  const difference = measured === null ? null : measured - totalPeakBytes
  return {
    lineBytes: before + totalPeakBytes,
    beforeBytes: before,
    measuredBytes: measured,
    differenceBytes: difference,
    relativeDifference: difference === null ? null : difference / totalPeakBytes,
    isWithinInterval: measured === null ? null : measured >= low && measured <= high,
  }
}
