import type { GpuSpec } from '../gpus'
import type { Architecture } from '../models/architecture'
import type { Job } from './job'
import { isTimed } from './stepTime'

/** CUDA computes in bf16 from this compute capability on (Ampere). */
const bf16Capability = 8

/** What a GPU makes of the job that its user may not expect. */
export function gpuAssumptions({ precision }: Job, gpu: GpuSpec): readonly string[] {
  const isOlder = gpu.computeCapability !== null && Number(gpu.computeCapability) < bf16Capability
  if (!isOlder || !precision.endsWith('bf16')) return []
  return [`${gpu.name} has no bf16 units: PyTorch emulates it, slower than fp16 of the same size`]
}

/** What an estimate of this job leaves out or takes for granted, a sentence each. */
export function assumptionsOf(job: Job, a: Architecture): readonly string[] {
  const lines: string[] = []
  if (job.sharding === 'pipeline' && job.gpuCount > 1) {
    lines.push(
      'pipeline: layers are split evenly; the stage counted holds embedding and head, and one micro-batch',
    )
  }
  if (job.gpuCount > 1 && job.sharding === 'none') {
    lines.push(`${job.gpuCount} GPUs without sharding: each holds everything`)
  }
  if (job.gpu !== null && !isTimed(job)) {
    lines.push('no time: what is offloaded crosses the bus, which no row of the table tells')
  } else if (job.gpu !== null && job.gpuCount > 1) {
    lines.push('time: without what GPUs tell each other')
  }
  if (job.offload !== 'none') {
    lines.push('offload: what is on the host is not counted; one layer is on its way at a time')
  }
  if (job.task === 'train' && job.optimizer === 'paged-adamw-8bit') {
    lines.push('paged optimizer states may be moved to the host and are not counted')
  }
  if (job.task === 'infer' && a.attention.latent) {
    lines.push('KV cache as the compressed latent; implementations that expand it need more')
  }
  if (a.attention.slidingWindow && job.task === 'infer') {
    lines.push('layers with a sliding window keep no more than the window')
  }
  return lines
}
