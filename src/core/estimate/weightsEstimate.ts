import { InputError } from '../errors'
import { type GpuSpec, usableBytes } from '../gpus'
import { formatBytes } from '../units'
import type { ExplainedEstimate } from './estimate'
import { verdictOf } from './gpuFit'
import type { Job } from './job'
import { memoryTerms, totalBytes } from './memoryTerms'
import type { BareWeights } from './resolvedModel'
import { cudaContext } from './runtimeOverhead'

/**
 * What a file of weights alone allows to say: they must lie in memory, beside the context. What
 * computing with them takes is not in the file, so this is a floor: it can tell that a model does
 * not fit, never that it does. Throws InputError for training, of which the file says nothing.
 */
export function estimateBareWeights(
  job: Job,
  model: BareWeights,
  gpu: GpuSpec | null,
): ExplainedEstimate {
  if (job.task === 'train') {
    throw new InputError({
      code: 'UNSUPPORTED',
      path: 'task',
      file: model.name,
      message: `its ${model.format} weights do not say how they are trained; use infer, or give config.json`,
    })
  }
  const terms = memoryTerms({
    weightsBytes: model.tensorBytes,
    runtimeOverheadBytes: cudaContext.bytes,
  })
  const usable = gpu ? usableBytes(gpu) : null
  const interval = [model.tensorBytes + cudaContext.low, Number.MAX_SAFE_INTEGER] as const
  const moment = { phase: 'load', terms } as const
  return {
    estimate: {
      schema: 'headroom/estimate/1',
      id: job.id,
      parameterCount: model.elementCount,
      trainableParameterCount: 0,
      tensorsPeakBytes: model.tensorBytes,
      tensorsIntervalBytes: [model.tensorBytes, Number.MAX_SAFE_INTEGER],
      reservedPeakBytes: model.tensorBytes,
      totalPeakBytes: totalBytes(terms),
      intervalBytes: interval,
      peakPhase: 'load',
      terms,
      phases: [{ ...moment, peakBytes: model.tensorBytes }],
      fileBytes: model.fileBytes,
      gpu: gpu && usable ? { id: gpu.id, usableBytes: usable.usableBytes } : null,
      verdict: usable ? verdictOf(interval, usable.usableBytes) : null,
      maxBatchSize: null,
      maxSequenceLength: null,
      reliefs: null,
      time: null,
      otherCalculators: null,
      assumptions: [
        `a floor: ${model.name} holds weights and no configuration, so activations, caches, batch and lengths are not counted; the upper end of the interval is open`,
        'parameterCount is that of all stored elements; packed ones hold several weights each',
        ...(usable?.assumption ? [usable.assumption] : []),
      ],
    },
    explained: [
      {
        term: 'weightsBytes',
        symbol: 'M_weights',
        formula: 'Σ bytes of the stored tensors',
        substituted: `${formatBytes(model.tensorBytes)} in ${model.name}`,
        bytes: model.tensorBytes,
        source: `header of the ${model.format} file`,
      },
      {
        term: 'runtimeOverheadBytes',
        symbol: 'M_runtime',
        formula: 'context',
        substituted: formatBytes(cudaContext.bytes),
        bytes: cudaContext.bytes,
        source: cudaContext.source,
      },
    ],
    timeline: [{ ...moment, label: 'weights' }],
    largestTensors: [{ label: 'weights', bytes: model.tensorBytes }],
  }
}
