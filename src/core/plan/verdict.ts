import type { Device } from '../device'
import type { Verdict } from './plan'

/** What CUDA makes visible of a GPU's total, where nobody reports the free memory. */
const visibleShare = 0.97
/** The theory of these networks is exact to a few percent; nearer to the limit it decides nothing. */
const margin = 0.05

/** Bytes that a run may use of the device; null where nobody reports its memory. */
export function usableMemoryBytes({ memoryFreeBytes, memoryTotalBytes }: Device): number | null {
  if (memoryFreeBytes !== null) return memoryFreeBytes
  return memoryTotalBytes === null ? null : Math.floor(visibleShare * memoryTotalBytes)
}

/** Whether `peakBytes` fit; within 5 % of what is usable it is too close to call. */
export function judgeFit(peakBytes: number, usableBytes: number | null): Verdict | null {
  if (usableBytes === null) return null
  if (Math.abs(peakBytes - usableBytes) <= margin * usableBytes) return 'tooCloseToCall'
  return peakBytes < usableBytes ? 'fits' : 'doesNotFit'
}
