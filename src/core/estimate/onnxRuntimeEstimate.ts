import { type GpuSpec, usableBytes } from '../gpus'
import type { Architecture } from '../models/architecture'
import { gptDecoder } from '../onnx/networks/gptDecoder'
import { parameterCount } from '../onnx/networks/network'
import { formatBytes } from '../units'
import type { EstimateContext } from './estimateMemory'
import type { Estimate, ExplainedEstimate, Interval, Phase } from './estimate'
import { engineDecoder } from './engineDecoder'
import { checkEngineJob, hasEightBitBase } from './engineGraph'
import { engineMemory } from './engineMemory'
import { verdictOf } from './gpuFit'
import { processInterval, residualBands } from './intervals'
import type { Job } from './job'
import { memoryTerms, totalBytes } from './memoryTerms'
import { contextOf } from './runtimeOverhead'
import { stepTime } from './stepTime'

/** A graph is walked once for live tensors and once for the arena: nothing is wasted beside it. */
const noFragmentation = { share: 0, low: 0, high: 0, source: 'arena walked node by node' }

/**
 * What the engine's own graph holds under ONNX Runtime's CUDA provider: buffers as its planner shares
 * them, and the arena as it grows. Throws InputError for a model or a field that the engine has no
 * graph for.
 */
export function estimateOnnxRuntime(
  job: Job,
  a: Architecture,
  gpu: GpuSpec | null,
  context: EstimateContext,
): ExplainedEstimate {
  checkEngineJob(job)
  const sequenceLength = job.task === 'train' ? job.sequenceLength : job.promptLength
  const { config, assumptions } = engineDecoder(a, sequenceLength)
  const network = gptDecoder(config, sequenceLength)
  const { theory, heldBytes, trainedCount, work } = engineMemory(job, network)
  const cuda = contextOf(context.contextBytes, context.contextSource)
  const slackBytes = heldBytes - theory.peakBytes
  const overhead = theory.terms.runtimeOverheadBytes + slackBytes + cuda.bytes
  const terms = memoryTerms({ ...theory.terms, runtimeOverheadBytes: overhead })
  const totalPeakBytes = totalBytes(terms)
  const band = residualBands.onnxRuntime
  const tensorsInterval: Interval = [theory.peakBytes * band.low, theory.peakBytes * band.high]
  const intervalBytes = processInterval({
    totalBytes: totalPeakBytes,
    tensorsBytes: theory.peakBytes,
    tensorsInterval,
    changingBytes: 0,
    fragmentation: noFragmentation,
    context: cuda,
    isDistributed: false,
  })
  const usable = gpu ? usableBytes(gpu) : null
  const phases = theory.phases.map(({ phase, terms: each, peakBytes }) => ({
    phase: phaseOf(job, phase),
    terms: memoryTerms(each),
    peakBytes,
  }))
  const frozenCount = job.task === 'train' && job.method.type !== 'full' ? trainedCount : 0
  const estimate: Estimate = {
    schema: 'headroom/estimate/1',
    id: job.id,
    parameterCount: parameterCount(network) + frozenCount,
    trainableParameterCount: trainedCount,
    tensorsPeakBytes: theory.peakBytes,
    tensorsIntervalBytes: tensorsInterval,
    reservedPeakBytes: heldBytes,
    totalPeakBytes,
    intervalBytes,
    peakPhase: phaseOf(job, theory.peakPhase),
    terms,
    phases,
    fileBytes: null,
    gpu: gpu && usable ? { id: gpu.id, usableBytes: usable.usableBytes } : null,
    verdict: usable ? verdictOf(intervalBytes, usable.usableBytes) : null,
    maxBatchSize: null,
    maxSequenceLength: null,
    reliefs: null,
    time: gpu ? stepTime(job, work(), gpu, context.rates) : null,
    otherCalculators: null,
    assumptions: [
      ...a.assumptions,
      ...assumptions,
      ...(job.task === 'train'
        ? [
            'onnxruntime: the training graph, whose weights and states a run takes and gives back: the second copy is a term of its own',
          ]
        : []),
      ...(hasEightBitBase(job)
        ? [
            'bnb-int8: the engine’s own 8-bit integers, with a scale to every 32 inputs of an output',
          ]
        : []),
      `interval of the tensors: ${band.source}`,
      ...(context.contextBytes === undefined
        ? []
        : [`CUDA context, measured here: ${cuda.source}`]),
      ...(usable?.assumption ? [usable.assumption] : []),
    ],
  }
  return {
    estimate,
    explained: [
      {
        term: 'runtimeOverheadBytes',
        symbol: 'M_runtime',
        formula: 'context + arena beyond what is in use',
        substituted: `${formatBytes(cuda.bytes)} + ${formatBytes(overhead - cuda.bytes)}`,
        bytes: overhead,
        source: 'core/framework/bfc_arena.cc, kNextPowerOfTwo; ' + cuda.source,
      },
    ],
    timeline: phases.map(({ phase, terms: each }) => ({ phase, label: phase, terms: each })),
    largestTensors: [],
  }
}

/** A pass without a backward one is what `prefill` is elsewhere. */
function phaseOf(job: Job, phase: string): Phase {
  return job.task === 'infer' ? 'prefill' : (phase as Phase)
}
