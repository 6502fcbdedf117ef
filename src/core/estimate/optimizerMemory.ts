import type { TrainJob } from './job'

export interface OptimizerMemory {
  /** Kept from step to step, on the GPU. */
  readonly statesBytes: number
  /** Live only inside `step()`, at its worst moment. */
  readonly temporaryBytes: number
  readonly formula: string
  readonly source: string
}

export interface OptimizedParameters {
  readonly count: number
  /** Bytes per element of the parameters that are trained. */
  readonly width: number
  /** Elements of the largest tensor among them. */
  readonly largestElements: number
  /** Rows plus columns of all trained matrices: what factored second moments keep. */
  readonly factoredElements: number
}

const fp32 = 4
/** bitsandbytes keeps one fp32 maximum per block of 256 values of each 8-bit state. */
const eightBitBlock = 256

/**
 * States of an optimizer and what its step allocates on the way.
 * Fused kernels allocate nothing; `foreach` holds the square root of all second moments at once
 * (torch/optim/adamw.py, _multi_tensor_adamw: exp_avg_sq_sqrt).
 */
export function optimizerMemory(job: TrainJob, p: OptimizedParameters): OptimizerMemory {
  const width = job.optimizerStatePrecision === 'fp32' ? fp32 : p.width
  const all = p.count * width
  const none = { temporaryBytes: 0 }
  switch (job.optimizer) {
    case 'adamw-fused':
      return {
        ...none,
        statesBytes: 2 * all,
        formula: '2 × N × b',
        source: 'Loshchilov & Hutter 2019, algorithm 2; torch.optim.AdamW(fused=True)',
      }
    case 'adamw':
    case 'adamw-foreach':
    case 'adam':
      return {
        statesBytes: 2 * all,
        // In backward each parameter has a step of its own.
        temporaryBytes: job.optimizerInBackward ? p.largestElements * width : all,
        formula: '2 × N × b',
        source: 'torch/optim/adamw.py, _multi_tensor_adamw: states, and √v of all tensors at once',
      }
    case 'adamw-8bit':
    case 'paged-adamw-8bit':
      return {
        ...none,
        statesBytes:
          job.optimizer === 'paged-adamw-8bit' ? 0 : 2 * p.count * (1 + fp32 / eightBitBlock),
        formula:
          job.optimizer === 'paged-adamw-8bit'
            ? '0 (states live in memory that CUDA pages to the host)'
            : '2 × N × (1 + 4/256)',
        source:
          'Dettmers et al. 2022, 8-bit optimizers: one byte a value, one fp32 per block of 256',
      }
    case 'sgd':
      return { ...none, statesBytes: 0, formula: '0', source: 'plain gradient descent' }
    case 'momentum':
      return {
        ...none,
        statesBytes: all,
        formula: 'N × b',
        source: 'torch.optim.SGD(momentum=…, fused=True): one velocity per parameter',
      }
    case 'lion':
      return {
        statesBytes: all,
        temporaryBytes: p.largestElements * width,
        formula: 'N × b',
        source: 'Chen et al. 2023, algorithm 2: one moment; one update per tensor on the way',
      }
    case 'adafactor':
      return {
        statesBytes: p.factoredElements * fp32,
        temporaryBytes: 3 * p.largestElements * fp32,
        formula: '(rows + columns) × 4',
        source:
          'Shazeer & Stern 2018, algorithm 4; transformers/optimization.py: fp32 gradient, update and parameter of one tensor',
      }
  }
}
