import type { Job } from './job'

/**
 * Share of the memory that comes and goes in a step which PyTorch's allocator holds beyond the live
 * tensors at their peak: blocks that were split or are kept for another size. Median, 5th and 95th
 * percentile of replaying CUDACachingAllocator.cpp's rules over three steps of every recorded
 * configuration at 24 layers, all tensors in order (test/reference/replayedStep.ts).
 */
export interface Fragmentation {
  readonly share: number
  readonly low: number
  readonly high: number
  readonly source: string
}

const replayed = (kind: string): string => `replay of the allocator's rules over ${kind}`

/** Gradients move into what activations leave behind, and the next step finds it in pieces. */
const full: Fragmentation = {
  share: 0.22,
  low: 0.03,
  high: 0.57,
  source: replayed('135 full steps without checkpointing'),
}
const fullCheckpointed: Fragmentation = {
  share: 0.13,
  low: 0.03,
  high: 0.44,
  source: replayed('28 full steps with checkpointing'),
}
const adapters: Fragmentation = {
  share: 0.08,
  low: 0.01,
  high: 0.21,
  source: replayed('63 LoRA steps without checkpointing'),
}
/** Logits and layers take turns in the same memory, and neither fits where the other was. */
const adaptersCheckpointed: Fragmentation = {
  share: 0.29,
  low: 0.08,
  high: 0.63,
  source: replayed('59 LoRA steps with checkpointing'),
}
const inference: Fragmentation = {
  share: 0.1,
  low: 0,
  high: 0.3,
  source: 'no replay of inference: by judgement',
}

/** How much the allocator wastes on a job of this kind. */
export function fragmentationOf(job: Job): Fragmentation {
  if (job.task === 'infer') return inference
  const isCheckpointed = job.checkpointing !== 'none'
  if (job.method.type === 'full') return isCheckpointed ? fullCheckpointed : full
  return isCheckpointed ? adaptersCheckpointed : adapters
}
