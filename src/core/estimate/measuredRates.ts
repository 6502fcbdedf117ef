import type { GpuSpec } from '../gpus'
import type { RunRecord } from '../run/record'
import type { Job } from './job'
import type { MeasuredRates } from './stepTime'

/**
 * What the GPU of a job gave in the job's precision, in the newest of `records` that measured it; null
 * where none did. Probes are of fp32 and fp16. ONNX Runtime's fp32 products are in TF32 where the GPU
 * has it, PyTorch's are not, so there one says nothing about the other.
 */
export function measuredRates(
  { runtime, precision }: Job,
  gpu: GpuSpec,
  records: readonly RunRecord[],
): MeasuredRates | null {
  const probed = probePrecisions[precision]
  const usesTf32 = (gpu.denseFlopsPerSecond?.tf32 ?? null) !== null
  if (!probed || runtime === 'textbook') return null
  if (probed === 'fp32' && runtime === 'pytorch' && usesTf32) return null
  const newest = records
    .filter(({ device }) => device.gpuId === gpu.id)
    .toSorted((a, b) => Date.parse(b.startedAt) - Date.parse(a.startedAt))
  for (const { id, startedAt, steps } of newest) {
    const peaks = steps.flatMap(({ devicePeak }) => devicePeak ?? [])
    const peak = peaks.find((each) => each.precision === probed)
    if (!peak) continue
    const { flopsPerSecond, bytesPerSecond } = peak
    const source = `measured on this machine by run ${id} of ${startedAt.slice(0, 10)}: ${peak.source}`
    return { flopsPerSecond, bytesPerSecond, source }
  }
  return null
}

const probePrecisions: Readonly<Partial<Record<Job['precision'], 'fp32' | 'fp16'>>> = {
  fp32: 'fp32',
  fp16: 'fp16',
  'amp-fp16': 'fp16',
}
