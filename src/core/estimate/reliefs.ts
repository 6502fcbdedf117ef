import { InputError } from '../errors'
import type { Architecture } from '../models/architecture'
import type { Estimate, Relief } from './estimate'
import { qloraQuantization } from './effectiveJob'
import { verdictOf } from './gpuFit'
import type { InferJob, Job, TrainJob } from './job'
import { headOf } from './resolvedModel'
import { decodeFlops, prefillFlops, totalTrainingFlops } from './stepFlops'

interface Change {
  /** What it changes: two of one kind exclude each other. */
  readonly kind: Kind
  readonly change: string
  /** Fields of the Job that it sets. */
  readonly fields: Readonly<Record<string, unknown>>
  readonly job: Job
  /** What is given up beside time; null where nothing is. */
  readonly price: string | null
}

/** In the order in which combinations name them. */
const kinds = [
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
type Kind = (typeof kinds)[number]

/** Changes made one after the other, and the job that they lead to. */
interface Combination {
  readonly changes: readonly Change[]
  readonly job: Job
}

/** A combination that saves memory, before any GPU is asked. */
interface Relieved {
  readonly kind: Kind | null
  readonly relief: Omit<Relief, 'fitsAfter'>
  readonly estimate: Estimate
}

const mostTogether = 3
/** Combinations are many; who needs one needs the cheapest few. */
const shownCombinations = 5

/**
 * What would make a job fit: single changes, and where none of them is enough, the cheapest pairs or
 * triples that are. Those that fit come first, the quickest of them at the top and among equals
 * those that cost nothing but time; then the others, by what they save. Time is counted per trained
 * or generated token: by roofline where the job names a GPU of known rates, else by operations.
 * The answer is a function of the usable bytes, so that one search serves many GPUs.
 */
export function reliefSearch(
  job: Job,
  a: Architecture,
  before: Estimate,
  estimate: (job: Job) => Estimate,
  mostChanges = mostTogether,
): (usableBytes: number | null) => readonly Relief[] {
  const flopsBefore = flopsPerToken(job, a)
  const relieve = ({ changes, job: after }: Combination): readonly Relieved[] => {
    const answer = answerOrNull(() => estimate({ ...after, solve: false }))
    if (answer === null) return []
    const savedBytes = before.totalPeakBytes - answer.totalPeakBytes
    if (savedBytes <= 0) return []
    const prices = changes.map(({ price }) => price).filter((price) => price !== null)
    const relief = {
      change: changes.map(({ change }) => change).join(' + '),
      savedBytes,
      timeFactor:
        before.time && answer.time
          ? before.time.tokensPerSecond / answer.time.tokensPerSecond
          : flopsPerToken(after, a) / flopsBefore,
      price: prices.length > 0 ? prices.join('; ') : null,
      changes: Object.assign({}, ...changes.map(({ fields }) => fields)) as Relief['changes'],
    }
    const [only, second] = changes
    return [{ kind: only && !second ? only.kind : null, relief, estimate: answer }]
  }
  let combinations: readonly Combination[] = [{ changes: [], job }]
  const levels: (readonly Relieved[])[] = []
  const level = (size: number): readonly Relieved[] => {
    while (levels.length < size) {
      combinations = combinations.flatMap(extended)
      levels.push(combinations.flatMap(relieve))
    }
    return levels[size - 1] ?? []
  }
  return (usableBytes) => {
    const singles = rank(level(1), usableBytes)
    if (usableBytes === null || singles.some(({ fitsAfter }) => fitsAfter)) return singles
    for (let size = 2; size <= mostChanges; size += 1) {
      const fitting = rank(level(size), usableBytes).filter(({ fitsAfter }) => fitsAfter)
      if (fitting.length > 0) return [...fitting.slice(0, shownCombinations), ...singles]
    }
    return singles
  }
}

/** Every combination with one change more, each set of changes once. */
function extended({ changes, job }: Combination): readonly Combination[] {
  const last = changes.at(-1)
  const after = last ? kinds.indexOf(last.kind) : -1
  const next = job.task === 'train' ? trainingChanges(job) : inferenceChanges(job)
  return next
    .filter(({ kind }) => kinds.indexOf(kind) > after)
    .map((change) => ({ changes: [...changes, change], job: change.job }))
}

/** A change may lead to a job that is refused: then it is none. */
function answerOrNull(estimate: () => Estimate): Estimate | null {
  try {
    return estimate()
  } catch (error) {
    if (error instanceof InputError) return null
    throw error
  }
}

function rank(relieved: readonly Relieved[], usableBytes: number | null): readonly Relief[] {
  const judged = relieved.map(({ kind, relief, estimate }) => ({
    kind,
    relief: {
      ...relief,
      fitsAfter: usableBytes !== null && verdictOf(estimate.intervalBytes, usableBytes) === 'fits',
    },
  }))
  // Of more and more GPUs, the fewest that are enough; else the most.
  const clusters = judged.filter(({ kind }) => kind === 'gpus')
  const cluster = clusters.find(({ relief }) => relief.fitsAfter) ?? clusters.at(-1)
  return judged
    .filter((each) => each.kind !== 'gpus' || each === cluster)
    .map(({ relief }) => relief)
    .toSorted(
      (x, y) =>
        Number(y.fitsAfter) - Number(x.fitsAfter) ||
        (x.fitsAfter ? 0 : y.savedBytes - x.savedBytes) ||
        x.timeFactor - y.timeFactor ||
        Number(x.price !== null) - Number(y.price !== null) ||
        y.savedBytes - x.savedBytes,
    )
}

function flopsPerToken(job: Job, a: Architecture): number {
  const head = headOf(job, a)
  if (job.task === 'train') {
    const tokens = job.batchSize * job.sequenceLength * job.gradientAccumulationSteps
    return totalTrainingFlops(job, a, head) / tokens
  }
  const length = job.promptLength + job.generatedLength
  const decode = job.generatedLength * decodeFlops(job, a, head, length)
  return (prefillFlops(job, a, head) + decode) / (job.batchSize * length)
}

/** One host has up to eight. */
const clusterGrowth = [2, 4, 8]

function trainingChanges(job: TrainJob): readonly Change[] {
  const { method } = job
  const isEngine = job.runtime === 'onnxruntime'
  const changes: Change[] = []
  const add = (
    kind: Kind,
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
    kind: Kind,
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
