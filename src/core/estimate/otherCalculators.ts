import type { Architecture } from '../models/architecture'
import { elementsOfLayer, layerRuns, parameterCount } from '../models/layerShape'
import type { OtherCalculator } from './estimate'
import type { Job } from './job'
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
      // 4 × the fp32 weights in fp32; twice them under half or mixed precision.
      totalBytes: isTraining ? (job.precision === 'fp32' ? 16 : 8) * n : n * weight,
      source:
        'accelerate src/accelerate/commands/estimate.py, estimate_training_usage; inference: the weights',
    },
    {
      name: 'DeepSpeed ZeRO estimator',
      totalBytes: deepSpeed(job, a, n),
      source:
        'deepspeed/runtime/zero/stage_1_and_2.py and stage3.py, estimate_…_mem_needs: 4N + 16N/n; 4 × largest layer + 18N/n',
    },
    {
      name: 'LLaMA-Factory’s table',
      totalBytes: llamaFactory(job, n),
      source: 'LLaMA-Factory README, hardware requirement: 18, 8, 2, 1, ½ GB per 10⁹ parameters',
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

function deepSpeed(job: Job, a: Architecture, n: number): number | null {
  if (job.task !== 'train' || job.method.type !== 'full') return null
  if (job.offload !== 'none') return null
  if (job.sharding === 'zero3') {
    const outer = a.embedding.vocabSize * a.hiddenSize
    const layers = layerRuns(a).map(({ kind }) => elementsOfLayer(a, kind))
    return 4 * Math.max(outer, ...layers) + (18 * n) / job.gpuCount
  }
  if (job.sharding === 'zero1' || job.sharding === 'zero2') return 4 * n + (16 * n) / job.gpuCount
  return null
}

function llamaFactory(job: Job, n: number): number | null {
  if (job.task !== 'train') return null
  const perParameter = n / 1e9
  if (job.method.type === 'full') {
    if (job.precision.startsWith('amp')) return 18 * perParameter * gb
    return job.precision === 'bf16' || job.precision === 'fp16' ? 8 * perParameter * gb : null
  }
  if (job.quantization === null) return 2 * perParameter * gb
  return (job.quantization.scheme === 'bnb-int8' ? 1 : 0.5) * perParameter * gb
}
