import type { TrainJob } from './job'
import type { HeldMemory } from './trainMemory'

/** What one parameter costs in an optimizer's step. */
interface PerParameter {
  /** Operations, counted in the algorithm. */
  readonly flops: number
  /** Reads and writes of tensors in the parameters' own type: parameters, gradients, temporaries. */
  readonly accesses: number
  /** Reads and writes of each state. */
  readonly stateAccesses: number
}

/**
 * Fused kernels read parameter, gradient and states once and write all but the gradient. `foreach`
 * makes a pass per operation (torch/optim/adamw.py, _multi_tensor_adamw): mul_ on the parameters
 * (2), lerp_ (gradient 1, state 2), mul_ on v (2), addcmul_ (gradient 1, state 2), sqrt (state 1, new
 * tensor 1), div_ and add_ on it (4), addcdiv_ (parameters 2, m 1, it 1).
 */
const fusedAdam: PerParameter = { flops: 14, accesses: 3, stateAccesses: 2 }
const perParameter: Readonly<Record<TrainJob['optimizer'], PerParameter>> = {
  'adamw-fused': fusedAdam,
  'adamw-8bit': fusedAdam,
  'paged-adamw-8bit': fusedAdam,
  adamw: { flops: 14, accesses: 12, stateAccesses: 4 },
  'adamw-foreach': { flops: 14, accesses: 12, stateAccesses: 4 },
  // As AdamW without the decay of the parameters.
  adam: { flops: 13, accesses: 10, stateAccesses: 4 },
  sgd: { flops: 2, accesses: 3, stateAccesses: 0 },
  momentum: { flops: 4, accesses: 3, stateAccesses: 2 },
  // A copy of the moment, mul_, add_, sign_, twice the parameters, then the moment's mul_ and add_.
  lion: { flops: 10, accesses: 14, stateAccesses: 5 },
  // g², + ε, two means, the factors' product, × g, its mean square, ÷, × rate, parameters.
  adafactor: { flops: 12, accesses: 18, stateAccesses: 2 },
}

const fp32 = 4

/** Operations and bytes moved of one optimizer step over all trained parameters. */
export function optimizerWork(
  { optimizer }: TrainJob,
  held: HeldMemory,
): { readonly flops: number; readonly bytes: number } {
  const { flops, accesses, stateAccesses } = perParameter[optimizer]
  const count = held.trainableParameterCount
  // transformers' Adafactor works on fp32 copies; gradients are of the parameters' own type.
  const tensorBytes = optimizer === 'adafactor' ? count * fp32 : held.gradientsBytes
  return {
    flops: flops * count,
    bytes:
      accesses * tensorBytes +
      stateAccesses * held.optimizer.statesBytes +
      // The fp32 master copy is read and written instead of being made anew.
      2 * held.masterBytes,
  }
}
