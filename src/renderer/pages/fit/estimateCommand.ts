import { type Job, parseJob } from '../../../core/estimate/job'

interface Flag {
  readonly field: string
  readonly flag: string
}

/** Fields of a Job in the order in which a reader expects their flags. */
const flags: readonly Flag[] = [
  { field: 'task', flag: '--task' },
  { field: 'method.type', flag: '--method' },
  { field: 'method.rank', flag: '--rank' },
  { field: 'quantization.scheme', flag: '--quantization' },
  { field: 'quantization.bits', flag: '--bits' },
  { field: 'quantization.doubleQuant', flag: '--double-quant' },
  { field: 'precision', flag: '--precision' },
  { field: 'batchSize', flag: '--batch' },
  { field: 'sequenceLength', flag: '--sequence-length' },
  { field: 'promptLength', flag: '--prompt-length' },
  { field: 'generatedLength', flag: '--generate' },
  { field: 'kvPrecision', flag: '--kv-precision' },
  { field: 'gradientAccumulationSteps', flag: '--accumulation' },
  { field: 'optimizer', flag: '--optimizer' },
  { field: 'checkpointing', flag: '--checkpointing' },
  { field: 'attention', flag: '--attention' },
  { field: 'loss', flag: '--loss' },
  { field: 'gpuCount', flag: '--gpus' },
  { field: 'sharding', flag: '--sharding' },
  { field: 'gpu', flag: '--gpu' },
]

/** What is always said, though it is the default: without it the command reads as another question. */
const alwaysSaid = new Set(['task', 'method.type', 'precision', 'batchSize', 'sequenceLength'])

/**
 * The command that estimates `job` in a terminal: `headroom estimate --model …`. Fields that have
 * their default are left out; `model` is a name of the catalogue or a path.
 */
export function estimateCommand(job: Job, model: string): string {
  const usual = parseJob({ task: job.task, model: { name: 'any' } })
  const words = ['headroom', 'estimate', '--model', quoted(model)]
  for (const { field, flag } of flags) {
    const value = valueAt(job, field)
    const isSaid = alwaysSaid.has(field) || value !== valueAt(usual, field)
    if (!isSaid) continue
    if (value === true) words.push(flag)
    if (typeof value === 'number') words.push(flag, String(value))
    if (typeof value === 'string') words.push(flag, quoted(value))
  }
  return [...words, '--solve', '--explain'].join(' ')
}

function valueAt(job: Job, field: string): unknown {
  return field
    .split('.')
    .reduce<unknown>(
      (parent, key) =>
        typeof parent === 'object' && parent !== null
          ? (parent as Readonly<Record<string, unknown>>)[key]
          : undefined,
      job,
    )
}

/** As a POSIX shell takes it for one word. */
function quoted(word: string): string {
  return /^[\w./:@~-]+$/.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`
}
