import type { Architecture } from '../models/architecture'
import { elementsOfLayer, layerRuns, outerShape } from '../models/layerShape'
import type { ModelHead } from '../models/architecture'
import type { Job } from './job'

/** Share of each kind of held memory that stays on one GPU, and what it must gather on the way. */
export interface Shares {
  readonly weights: number
  readonly gradients: number
  readonly states: number
  /** Parameters that are whole at once although the weights are sharded. */
  readonly gatheredElements: number
  /** Gradients that are whole at once although they are sharded. */
  readonly wholeGradientElements: number
}

const zeroStages: Readonly<Record<Job['sharding'], number>> = {
  none: 0,
  pipeline: 0,
  zero1: 1,
  zero2: 2,
  zero3: 3,
}

/**
 * ZeRO (Rajbhandari et al. 2020, §5): stage 1 splits the optimizer states over n GPUs, stage 2 the
 * gradients too, stage 3 (FSDP full shard) the weights too. A sharded layer is gathered whole when
 * it runs, the next one is fetched meanwhile, and embedding and head stay whole through the step
 * (torch.distributed.fsdp: the root is not resharded after forward).
 */
export function shares(job: Job, a: Architecture, head: ModelHead): Shares {
  const n = job.gpuCount
  const stage = n > 1 ? zeroStages[job.sharding] : 0
  const largest = Math.max(...layerRuns(a).map(({ kind }) => elementsOfLayer(a, kind)))
  const outer = outerShape(a, head)
  const root = outer.embeddingElements + outer.headElements
  const isOffloadingWeights = job.offload === 'all'
  const gathers = stage === 3 || isOffloadingWeights
  const offloads = job.offload !== 'none'
  return {
    weights: isOffloadingWeights ? 0 : stage >= 3 ? 1 / n : 1,
    gradients: offloads ? 0 : stage >= 2 ? 1 / n : 1,
    states: offloads ? 0 : stage >= 1 ? 1 / n : 1,
    gatheredElements: gathers ? root + 2 * largest : 0,
    wholeGradientElements: stage >= 2 || offloads ? Math.max(largest, root) : 0,
  }
}
