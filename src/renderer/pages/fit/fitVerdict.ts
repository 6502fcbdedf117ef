import type { Estimate } from '../../../core/estimate/estimate'

export type FitVerdict =
  /** `bytes` to spare, by the estimate. */
  | { readonly type: 'fits'; readonly bytes: number }
  /** `bytes` missing, by the estimate. */
  | { readonly type: 'doesNotFit'; readonly bytes: number }
  | { readonly type: 'tooCloseToCall' }
  /** Weights without a configuration: they lie in memory, and what else is needed nobody knows. */
  | { readonly type: 'floorOnly'; readonly bytes: number }
  /** Nobody reports how much memory the GPU has. */
  | { readonly type: 'unknownMemory' }

/** The page's answer in one line. */
export function fitVerdict({ gpu, verdict, totalPeakBytes, intervalBytes }: Estimate): FitVerdict {
  if (!gpu || verdict === null) return { type: 'unknownMemory' }
  const headroomBytes = gpu.usableBytes - totalPeakBytes
  if (verdict === 'doesNotFit') return { type: 'doesNotFit', bytes: -headroomBytes }
  if (verdict === 'fits') return { type: 'fits', bytes: headroomBytes }
  if (isOpen(intervalBytes)) return { type: 'floorOnly', bytes: totalPeakBytes }
  return { type: 'tooCloseToCall' }
}

/** Whether an interval has no upper end: the estimate is a floor. */
export function isOpen([, high]: Estimate['intervalBytes']): boolean {
  // Exactly: a huge job may need more than that and still have an end.
  return high === Number.MAX_SAFE_INTEGER
}
