import { qloraQuantization } from './effectiveJob'
import type { InferJob, Job, TrainJob } from './job'

/** A change of a job that saves memory at some price. */
export interface Change {
  /** What it changes: two of one kind exclude each other. */
  readonly kind: ChangeKind
  readonly change: string
  /** Fields of the Job that it sets. */
  readonly fields: Readonly<Record<string, unknown>>
  readonly job: Job
  /** What is given up beside time; null where nothing is. */
  readonly price: string | null
}

/** In the order in which combinations name them. */
export const changeKinds = [
  'checkpointing',
  'attention',
  'loss',
  'logits',
  'cache',
  'batch',
  'length',
  'optimizer',
  'precision',
  'method',
  'rank',
  'gpus',
] as const
export type ChangeKind = (typeof changeKinds)[number]

/** What can be changed of a job to make it need less, one thing at a time. */
export function changesOf(job: Job): readonly Change[] {
  return job.task === 'train' ? trainingChanges(job) : inferenceChanges(job)
}

/** One host has up to eight. */
const clusterGrowth = [2, 4, 8]

function trainingChanges(job: TrainJob): readonly Change[] {
  const { method } = job
  const isEngine = job.runtime === 'onnxruntime'
  const changes: Change[] = []
  const add = (
    kind: ChangeKind,
    change: string,
    part: Partial<TrainJob>,
    price: string | null = null,
  ) => {
    changes.push({ kind, change, fields: part, job: { ...job, ...part, solve: false }, price })
  }
  if (job.checkpointing === 'none')
    add('checkpointing', 'checkpoint every layer', { checkpointing: 'layer' })
  if (job.attention === 'eager') add('attention', 'fused attention (sdpa)', { attention: 'sdpa' })
  if (job.loss === 'full')
    add('loss', 'loss in chunks', { loss: 'chunked' }, 'needs a fused or chunked loss')
  if (job.batchSize > 1) {
    const batchSize = Math.ceil(job.batchSize / 2)
    add('batch', `batch ${batchSize} instead of ${job.batchSize}, accumulate twice as often`, {
      batchSize,
      gradientAccumulationSteps: job.optimizerInBackward
        ? job.gradientAccumulationSteps
        : job.gradientAccumulationSteps * 2,
    })
  }
  if (job.sequenceLength > 256) {
    const sequenceLength = Math.ceil(job.sequenceLength / 2)
    add(
      'length',
      `${sequenceLength} tokens instead of ${job.sequenceLength}`,
      { sequenceLength },
      'shorter context',
    )
  }
  if (job.optimizer.startsWith('adam') && !job.optimizer.endsWith('8bit')) {
    add('optimizer', '8-bit AdamW', { optimizer: 'adamw-8bit' }, 'moments in 8 bits')
  }
  if (isEngine && job.precision === 'fp32') {
    add('precision', 'fp16-mixed', { precision: 'amp-fp16' }, 'products and activations in 16 bits')
  }
  if (!isEngine && job.masterWeights === 'none' && /^(fp32|amp)/.test(job.precision)) {
    const price = method.type === 'full' ? 'weights and updates' : 'frozen weights'
    add('precision', 'bf16 throughout', { precision: 'bf16' }, `${price} in 16 bits`)
  }
  const adapter = {
    rank: 16,
    targets: 'all-linear' as const,
    adapterPrecision: 'fp32' as const,
    dropout: 0,
    modulesToSave: [],
  }
  if (method.type === 'full') {
    add(
      'method',
      'LoRA of rank 16',
      { method: { type: 'lora', ...adapter } },
      'trains adapters only',
    )
  }
  if (method.type !== 'full' && method.rank > 8) {
    const rank = Math.ceil(method.rank / 2)
    add(
      'rank',
      `rank ${rank} instead of ${method.rank}`,
      { method: { ...method, rank } },
      'smaller adapters',
    )
  }
  if (method.type !== 'qlora' && job.quantization === null) {
    const settings = method.type === 'full' ? adapter : method
    const qlora = { ...settings, type: 'qlora' } as const
    const price = 'base in 4 bits, trains adapters only'
    // The engine's own base of 4-bit integers needs no scheme.
    if (isEngine) add('method', 'QLoRA (4-bit integers)', { method: qlora }, price)
    else {
      const part = { method: qlora, quantization: qloraQuantization }
      add('method', 'QLoRA (nf4, double quantization)', part, price)
    }
  }
  if (job.sharding === 'none' || job.sharding === 'zero3') {
    for (const times of clusterGrowth) {
      const gpuCount = job.gpuCount * times
      add('gpus', `${gpuCount} GPUs, ZeRO-3`, { gpuCount, sharding: 'zero3' }, `${gpuCount} GPUs`)
    }
  }
  return changes
}

function inferenceChanges(job: InferJob): readonly Change[] {
  const changes: Change[] = []
  const add = (
    kind: ChangeKind,
    change: string,
    part: Partial<InferJob>,
    price: string | null = null,
  ) => {
    changes.push({ kind, change, fields: part, job: { ...job, ...part, solve: false }, price })
  }
  if (job.precision === 'fp32') {
    // What the engine has graphs for.
    const precision = job.runtime === 'onnxruntime' ? 'fp16' : 'bf16'
    add('precision', precision, { precision }, 'weights in 16 bits')
  }
  if (job.attention === 'eager') add('attention', 'fused attention (sdpa)', { attention: 'sdpa' })
  if (job.logits === 'all') add('logits', 'logits of the last token only', { logits: 'last' })
  if (job.kvPrecision === 'same')
    add('cache', 'KV cache in 8 bits', { kvPrecision: 'int8' }, 'cache in 8 bits')
  if (job.quantization === null) {
    add(
      'method',
      'int8 weights (bitsandbytes)',
      { quantization: { ...qloraQuantization, scheme: 'bnb-int8', bits: 8, doubleQuant: false } },
      'weights in 8 bits',
    )
    add('method', '4-bit weights (nf4)', { quantization: qloraQuantization }, 'weights in 4 bits')
  }
  if (job.batchSize > 1) {
    const batchSize = Math.ceil(job.batchSize / 2)
    add('batch', `batch ${batchSize} instead of ${job.batchSize}`, { batchSize }, 'less throughput')
  }
  if (job.promptLength > 256) {
    const promptLength = Math.ceil(job.promptLength / 2)
    add(
      'length',
      `prompts of ${promptLength} tokens instead of ${job.promptLength}`,
      { promptLength, maxLength: null },
      'shorter context',
    )
  }
  if (job.sharding === 'none' || job.sharding === 'pipeline') {
    for (const times of clusterGrowth) {
      const gpuCount = job.gpuCount * times
      const split = { gpuCount, sharding: 'pipeline' } as const
      add('gpus', `${gpuCount} GPUs, layers split`, split, `${gpuCount} GPUs`)
    }
  }
  return changes
}
