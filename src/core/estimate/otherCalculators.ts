import type { Architecture, ModelHead } from '../models/architecture'
import { layerShape, linearElements, parameterCount } from '../models/layerShape'
import type { OtherCalculator } from './estimate'
import type { Job, JobQuantization } from './job'
import { linearLayers } from './linearNames'
import { precisionWidths } from './precisionWidths'
import { headOf } from './resolvedModel'

/** Bytes of 10⁹ parameters in LLaMA-Factory's table count as GB. */
const gb = 1e9

/** What other rules say of the same job, in bytes per GPU; null where a rule has no answer. */
export function otherCalculators(job: Job, a: Architecture): readonly OtherCalculator[] {
  const n = parameterCount(a, headOf(job, a))
  const { weight } = precisionWidths(job.precision)
  const isTraining = job.task === 'train'
  return [
    {
      name: 'accelerate estimate-memory',
      totalBytes: accelerate(job, n),
      source:
        'accelerate 1.15 src/accelerate/commands/estimate.py, gather_data and estimate_training_usage',
    },
    {
      name: 'DeepSpeed ZeRO estimator',
      totalBytes: deepSpeed(job, a, n),
      source:
        'deepspeed 0.19 runtime/zero/stage_1_and_2.py and stage3.py, estimate_…_mem_needs: 2N + 18N/n; 4 × largest module + 18N/n',
    },
    {
      name: 'LLaMA-Factory’s table',
      totalBytes: llamaFactory(job, n),
      source: 'LLaMA-Factory README, hardware requirement: 18, 8, 2, 1, ½, ¼ GB per 10⁹ parameters',
    },
    {
      name: '4 × weights',
      totalBytes: isTraining ? 4 * n * weight : null,
      source: 'rule of thumb: weights, gradients and two moments in one type',
    },
    {
      name: '16 bytes per parameter',
      totalBytes: isTraining && job.method.type === 'full' ? 16 * n : null,
      source: 'Rajbhandari et al. 2020, §3.1: mixed precision with Adam, model states only',
    },
  ]
}

/**
 * Loading: the fp32 weights, a half, a quarter or an eighth of them. Training: the largest of its
 * stages, 4 × the fp32 weights in fp32 and 2 × them (both moments) in half precision; N/A in int8, int4.
 */
function accelerate({ task, precision, quantization }: Job, n: number): number | null {
  const { weight } = precisionWidths(precision)
  if (task === 'train') {
    return quantization === null ? (precision === 'fp32' ? 16 : 8) * n : null
  }
  if (quantization === null) return n * weight
  const bits = storedBits(quantization)
  return bits === 8 || bits === 4 ? (n * bits) / 8 : null
}

function storedBits({ scheme, bits }: JobQuantization): number | null {
  if (scheme === 'bnb-int8' || scheme === 'fp8') return 8
  if (scheme === 'nf4' || scheme === 'fp4') return 4
  return bits
}

/** Stage 1 has no estimator of its own. Offloading leaves 16-bit weights, or one module of them. */
function deepSpeed(job: Job, a: Architecture, n: number): number | null {
  if (job.task !== 'train' || job.method.type !== 'full') return null
  const { sharding, offload, gpuCount } = job
  if (sharding === 'zero2') {
    if (offload === 'all') return null
    return offload === 'optimizer' ? 2 * n : 2 * n + (18 * n) / gpuCount
  }
  if (sharding !== 'zero3') return null
  const largest = 4 * largestModuleElements(a, headOf(job, a))
  if (offload === 'all') return largest
  return largest + ((offload === 'optimizer' ? 2 : 18) * n) / gpuCount
}

/** Parameters of the module that has most of its own: a matrix, or all experts of a layer. */
function largestModuleElements(a: Architecture, head: ModelHead): number {
  const table = a.embedding.vocabSize * (a.embedding.projectedFrom ?? a.hiddenSize)
  const linears = linearLayers(a, head).map(({ shape }) => linearElements(shape))
  const experts = a.experts ? (layerShape(a, 'experts').experts?.expertElements ?? 0) : 0
  return Math.max(table, experts, ...linears)
}

function llamaFactory(job: Job, n: number): number | null {
  if (job.task !== 'train') return null
  const perParameter = n / 1e9
  if (job.method.type === 'full') {
    if (job.precision.startsWith('amp')) return 18 * perParameter * gb
    return job.precision === 'bf16' || job.precision === 'fp16' ? 8 * perParameter * gb : null
  }
  if (job.quantization === null) return 2 * perParameter * gb
  const bits = storedBits(job.quantization)
  return bits === 8 || bits === 4 || bits === 2 ? (bits / 8) * perParameter * gb : null
}
