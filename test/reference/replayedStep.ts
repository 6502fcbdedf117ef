import { stepContextOfJob } from './stepContextOfJob'
import type { TrainJob } from '../../src/core/estimate/job'
import { linearLayers } from '../../src/core/estimate/linearNames'
import { precisionWidths } from '../../src/core/estimate/precisionWidths'
import type { Storage } from '../../src/core/estimate/tape/liveMemory'
import { simulateTrainingStep } from '../../src/core/estimate/trainingStep'
import { CachingAllocator } from './cachingAllocator'

export interface Replay {
  readonly allocatedPeakBytes: number
  readonly reservedBytes: number
  /** Part of the peak that comes and goes in a step: all but weights and optimizer states. */
  readonly changingBytes: number
}

/** Steps until the allocator's segments no longer change. */
const stepCount = 3

/**
 * What PyTorch's allocator holds after a few steps of a job, every layer of it simulated and every
 * tensor of it asked for in order. Optimizers with fused kernels only.
 */
export function replayStep(job: TrainJob): Replay {
  const { architecture, head, context } = stepContextOfJob(job)
  const allocator = new CachingAllocator()
  const { weight } = precisionWidths(job.precision)
  const held: number[] = []
  for (const { shape, count } of linearLayers(architecture, head)) {
    for (let layer = 0; layer < count; layer += 1) {
      held.push(shape.inputSize * shape.outputSize * weight)
    }
  }
  const table = architecture.embedding.vocabSize * architecture.hiddenSize * weight
  held.push(...(architecture.head.tied ? [table] : [table, table]))
  for (const bytes of held) allocator.allocate(bytes)
  let persistent = allocator.allocatedBytes
  for (let step = 0; step < stepCount; step += 1) {
    const tape = context().tape
    const blocks = new Map<Storage, ReturnType<CachingAllocator['allocate']>>()
    const { memory } = tape
    const allocate = memory.allocate.bind(memory)
    const release = memory.release.bind(memory)
    memory.allocate = (bytes) => {
      const storage = allocate(bytes)
      if (storage.bytes > 0) blocks.set(storage, allocator.allocate(storage.bytes))
      return storage
    }
    memory.release = (storage) => {
      release(storage)
      const block = blocks.get(storage)
      if (storage.holders > 0 || !block) return
      blocks.delete(storage)
      allocator.release(block)
    }
    simulateTrainingStep(
      { ...context(), tape },
      {
        checkpointing: job.checkpointing !== 'none',
        offloadCheckpoints: false,
        unrolled: true,
      },
    )
    if (step === 0 && job.method.type === 'full' && job.optimizer.startsWith('adamw')) {
      for (const bytes of [...held, ...held]) allocator.allocate(bytes)
      persistent = allocator.allocatedBytes - [...blocks.values()].reduce((s, b) => s + b.size, 0)
    }
    for (const block of blocks.values()) allocator.release(block)
  }
  return {
    allocatedPeakBytes: allocator.allocatedPeakBytes,
    reservedBytes: allocator.reservedBytes,
    changingBytes: allocator.allocatedPeakBytes - persistent,
  }
}
