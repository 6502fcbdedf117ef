import type { Architecture } from '../models/architecture'
import type { Estimate, Relief } from './estimate'
import { qloraQuantization } from './effectiveJob'
import type { InferJob, Job, TrainJob } from './job'
import { headOf } from './resolvedModel'
import { decodeFlops, prefillFlops, trainingFlops } from './stepFlops'

interface Change {
  readonly change: string
  readonly changes: Readonly<Record<string, unknown>>
  readonly job: Job
  /** What is given up beside time; null where nothing is. */
  readonly price: string | null
}

/**
 * Single changes that need less memory than the job, those that make it fit first, and among equals
 * the quickest, then those that cost nothing but time. Time is counted per trained or generated
 * token, by operations.
 */
export function reliefsOf(
  job: Job,
  a: Architecture,
  before: Estimate,
  estimate: (job: Job) => Estimate,
): readonly Relief[] {
  const changes = job.task === 'train' ? trainingChanges(job) : inferenceChanges(job)
  return changes
    .flatMap((change): readonly Relief[] => {
      const after = estimate(change.job)
      const savedBytes = before.totalPeakBytes - after.totalPeakBytes
      if (savedBytes <= 0) return []
      const timeFactor = flopsPerToken(change.job, a) / flopsPerToken(job, a)
      const fitsAfter = after.verdict === 'fits'
      const { change: text, price, changes: fields } = change
      return [{ change: text, savedBytes, timeFactor, fitsAfter, price, changes: fields }]
    })
    .toSorted(
      (x, y) =>
        Number(y.fitsAfter) - Number(x.fitsAfter) ||
        x.timeFactor - y.timeFactor ||
        Number(x.price !== null) - Number(y.price !== null) ||
        y.savedBytes - x.savedBytes,
    )
}

function flopsPerToken(job: Job, a: Architecture): number {
  const head = headOf(job, a)
  if (job.task === 'train') {
    const tokens = job.batchSize * job.sequenceLength * job.gradientAccumulationSteps
    return trainingFlops(job, a, head) / tokens
  }
  const length = job.promptLength + job.generatedLength
  const decode = job.generatedLength * decodeFlops(job, a, head, length)
  return (prefillFlops(job, a, head) + decode) / (job.batchSize * length)
}

function trainingChanges(job: TrainJob): readonly Change[] {
  const { method } = job
  const changes: Change[] = []
  const add = (change: string, part: Partial<TrainJob>, price: string | null = null) => {
    changes.push({ change, changes: part, job: { ...job, ...part, solve: false }, price })
  }
  if (job.checkpointing === 'none') add('checkpoint every layer', { checkpointing: 'layer' })
  if (job.attention === 'eager') add('fused attention (sdpa)', { attention: 'sdpa' })
  if (job.loss === 'full')
    add('loss in chunks', { loss: 'chunked' }, 'needs a fused or chunked loss')
  if (job.batchSize > 1) {
    const batchSize = Math.ceil(job.batchSize / 2)
    add(`batch ${batchSize} instead of ${job.batchSize}, accumulate twice as often`, {
      batchSize,
      gradientAccumulationSteps: job.optimizerInBackward
        ? job.gradientAccumulationSteps
        : job.gradientAccumulationSteps * 2,
    })
  }
  if (job.sequenceLength > 256) {
    const sequenceLength = Math.ceil(job.sequenceLength / 2)
    add(
      `${sequenceLength} tokens instead of ${job.sequenceLength}`,
      { sequenceLength },
      'shorter context',
    )
  }
  if (job.optimizer.startsWith('adam') && !job.optimizer.endsWith('8bit')) {
    add('8-bit AdamW', { optimizer: 'adamw-8bit' }, 'moments in 8 bits')
  }
  if (method.type === 'full' && job.masterWeights === 'none' && job.precision.startsWith('amp')) {
    add('bf16 throughout', { precision: 'bf16' }, 'weights and updates in 16 bits')
  }
  const adapter = {
    rank: 16,
    targets: 'all-linear' as const,
    adapterPrecision: 'fp32' as const,
    dropout: 0,
    modulesToSave: [],
  }
  if (method.type === 'full') {
    add('LoRA of rank 16', { method: { type: 'lora', ...adapter } }, 'trains adapters only')
  }
  if (method.type !== 'full' && method.rank > 8) {
    const rank = Math.ceil(method.rank / 2)
    add(
      `rank ${rank} instead of ${method.rank}`,
      { method: { ...method, rank } },
      'smaller adapters',
    )
  }
  if (method.type !== 'qlora' && job.quantization === null) {
    const settings = method.type === 'full' ? adapter : method
    add(
      'QLoRA (nf4, double quantization)',
      { method: { ...settings, type: 'qlora' }, quantization: qloraQuantization },
      'base in 4 bits, trains adapters only',
    )
  }
  if (job.sharding === 'none' || job.sharding === 'zero3') {
    const gpuCount = job.gpuCount * 2
    add(`${gpuCount} GPUs, ZeRO-3`, { gpuCount, sharding: 'zero3' }, `${gpuCount} GPUs`)
  }
  return changes
}

function inferenceChanges(job: InferJob): readonly Change[] {
  const changes: Change[] = []
  const add = (change: string, part: Partial<InferJob>, price: string | null = null) => {
    changes.push({ change, changes: part, job: { ...job, ...part, solve: false }, price })
  }
  if (job.precision === 'fp32') add('bf16', { precision: 'bf16' }, 'weights in 16 bits')
  if (job.attention === 'eager') add('fused attention (sdpa)', { attention: 'sdpa' })
  if (job.logits === 'all') add('logits of the last token only', { logits: 'last' })
  if (job.kvPrecision === 'same')
    add('KV cache in 8 bits', { kvPrecision: 'int8' }, 'cache in 8 bits')
  if (job.quantization === null) {
    add(
      'int8 weights (bitsandbytes)',
      { quantization: { ...qloraQuantization, scheme: 'bnb-int8', bits: 8, doubleQuant: false } },
      'weights in 8 bits',
    )
    add('4-bit weights (nf4)', { quantization: qloraQuantization }, 'weights in 4 bits')
  }
  if (job.batchSize > 1) {
    const batchSize = Math.ceil(job.batchSize / 2)
    add(`batch ${batchSize} instead of ${job.batchSize}`, { batchSize }, 'less throughput')
  }
  if (job.promptLength > 256) {
    const promptLength = Math.ceil(job.promptLength / 2)
    add(
      `prompts of ${promptLength} tokens instead of ${job.promptLength}`,
      { promptLength, maxLength: null },
      'shorter context',
    )
  }
  const gpuCount = job.gpuCount * 2
  if (job.sharding === 'none' || job.sharding === 'pipeline') {
    add(`${gpuCount} GPUs, layers split`, { gpuCount, sharding: 'pipeline' }, `${gpuCount} GPUs`)
  }
  return changes
}
