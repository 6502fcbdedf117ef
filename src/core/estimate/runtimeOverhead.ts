import { GiB, MiB } from '../units'

/**
 * What a process holds beside tensors. Measured values may replace these; each has its source and,
 * in `low` and `high`, the range that other versions and machines show.
 */
export interface OverheadConstant {
  readonly bytes: number
  readonly low: number
  readonly high: number
  readonly source: string
}

/** Context and loaded kernels of a process that uses CUDA through PyTorch. */
export const cudaContext: OverheadConstant = {
  bytes: 0.47 * GiB,
  low: 0.3 * GiB,
  high: 0.92 * GiB,
  source:
    'stas00/ml-engineering training/performance: A100, PyTorch 2.1 with lazy loading; 0.92 GiB with eager loading',
}

/** The context as a probe measured it on this machine, or else the published one. */
export function contextOf(
  measuredBytes: number | undefined,
  source = 'measured by a probe of this machine',
): OverheadConstant {
  if (measuredBytes === undefined) return cudaContext
  return { bytes: measuredBytes, low: measuredBytes, high: measuredBytes, source }
}

/** Communication buffers of NCCL, in a process that works with others. */
export const ncclBuffers: OverheadConstant = {
  bytes: 1.45 * GiB,
  low: 0.4 * GiB,
  high: 1.6 * GiB,
  source: 'stas00/ml-engineering training/performance: growth at the first barrier of two GPUs',
}

/** CUBLAS_WORKSPACE_CONFIG's default :4096:2:16:8, one handle and stream: 2 × 4 MiB + 8 × 16 KiB. */
const cublasWorkspaceBytes = 8.125 * MiB

/** Small tensors come from blocks of 2 MiB, tensors up to 10 MiB from blocks of 20 MiB (CUDACachingAllocator.cpp). */
const poolSlackBytes = 22 * MiB

/**
 * What the allocator holds at most: the live tensors, cuBLAS's workspace, pools of small blocks, and
 * what is wasted (`fragmentation.ts`).
 */
export function reservedBytes(tensorsBytes: number, wastedBytes: number): number {
  return tensorsBytes + cublasWorkspaceBytes + poolSlackBytes + wastedBytes
}
