import { type GpuSpec, usableBytes } from '../gpus'
import type { Estimate } from './estimate'
import { verdictOf } from './estimateMemory'

/** A GPU and how a job fares on it. */
export interface GpuFit {
  readonly gpu: GpuSpec
  readonly usableBytes: number
  /** Usable memory less the estimate; negative where it does not fit. */
  readonly headroomBytes: number
  readonly verdict: Estimate['verdict']
}

/**
 * How an estimate fares on each GPU whose memory is known, the smallest first. Memory needed does
 * not depend on the GPU, so one estimate answers for all.
 */
export function fitOnGpus(estimate: Estimate, gpus: readonly GpuSpec[]): readonly GpuFit[] {
  return gpus
    .flatMap((gpu): readonly GpuFit[] => {
      const usable = usableBytes(gpu)
      if (!usable) return []
      const { usableBytes: bytes } = usable
      return [
        {
          gpu,
          usableBytes: bytes,
          headroomBytes: bytes - estimate.totalPeakBytes,
          verdict: verdictOf(estimate.intervalBytes, bytes),
        },
      ]
    })
    .toSorted((x, y) => x.usableBytes - y.usableBytes)
}

/** The GPU with the least memory that the whole interval fits into; null where none does. */
export function smallestGpu(estimate: Estimate, gpus: readonly GpuSpec[]): GpuFit | null {
  return fitOnGpus(estimate, gpus).find(({ verdict }) => verdict === 'fits') ?? null
}
