import { type GpuSpec, usableBytes } from '../gpus'
import type { Estimate, Interval, Verdict } from './estimate'

/** A GPU and how a job fares on it. */
export interface GpuFit {
  readonly gpu: GpuSpec
  readonly usableBytes: number
  /** Usable memory less the estimate; negative where it does not fit. */
  readonly headroomBytes: number
  readonly verdict: Verdict
}

/** `fits` or not only where the whole interval agrees. */
export function verdictOf(interval: Interval, usable: number): Verdict {
  if (interval[1] <= usable) return 'fits'
  return interval[0] > usable ? 'doesNotFit' : 'tooCloseToCall'
}

/**
 * How each estimate fares on each GPU, in the GPUs' order; null where a GPU's memory is not known.
 * What a job needs does not depend on the GPU, so one estimate answers for all of them.
 */
export function judgeOnGpus(
  estimates: readonly Estimate[],
  gpus: readonly GpuSpec[],
): readonly (readonly (GpuFit | null)[])[] {
  const usable = gpus.map((gpu) => ({ gpu, bytes: usableBytes(gpu)?.usableBytes ?? null }))
  return estimates.map(({ totalPeakBytes, intervalBytes }) =>
    usable.map(({ gpu, bytes }) =>
      bytes === null
        ? null
        : {
            gpu,
            usableBytes: bytes,
            headroomBytes: bytes - totalPeakBytes,
            verdict: verdictOf(intervalBytes, bytes),
          },
    ),
  )
}

/** How one estimate fares on each GPU whose memory is known, the smallest first. */
export function fitOnGpus(estimate: Estimate, gpus: readonly GpuSpec[]): readonly GpuFit[] {
  const [fits = []] = judgeOnGpus([estimate], gpus)
  return fits.filter((fit) => fit !== null).toSorted((x, y) => x.usableBytes - y.usableBytes)
}

/** The GPU with the least memory that the whole interval fits into; null where none does. */
export function smallestGpu(estimate: Estimate, gpus: readonly GpuSpec[]): GpuFit | null {
  return fitOnGpus(estimate, gpus).find(({ verdict }) => verdict === 'fits') ?? null
}
