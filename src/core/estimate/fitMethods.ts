import type * as z from 'zod'
import { InputError } from '../errors'
import { type InferJob, type Job, parseJob, type TrainJob } from './job'

/**
 * The ways to use a model that people choose between, from the least memory to the most, each as a
 * Job: rows of a matrix over GPUs.
 */

export const fitMethodIds = [
  'infer-nf4',
  'infer-int8',
  'infer',
  'qlora',
  'lora-int8',
  'lora',
  'full',
  'full-amp',
] as const
export type FitMethodId = (typeof fitMethodIds)[number]

type TrainFields = Partial<Omit<z.input<typeof TrainJob>, 'task' | 'model'>>
type InferFields = Partial<Omit<z.input<typeof InferJob>, 'task' | 'model'>>

export type FitMethod =
  | { readonly task: 'train'; readonly label: string; readonly job: TrainFields }
  | { readonly task: 'infer'; readonly label: string; readonly job: InferFields }

const nf4 = { scheme: 'nf4', bits: 4, doubleQuant: true } as const
const int8 = { scheme: 'bnb-int8', bits: 8 } as const
const adapters = { rank: 16, targets: 'all-linear' } as const
/** What every recipe for tuning language models turns on first. */
const checkpointing = 'layer'

export const fitMethods: Readonly<Record<FitMethodId, FitMethod>> = {
  'infer-nf4': {
    task: 'infer',
    label: 'inference, 4-bit weights (nf4)',
    job: { quantization: nf4 },
  },
  'infer-int8': {
    task: 'infer',
    label: 'inference, int8 weights',
    job: { quantization: int8 },
  },
  infer: { task: 'infer', label: 'inference, bf16', job: {} },
  qlora: {
    task: 'train',
    label: 'QLoRA, nf4 base, rank 16',
    job: { method: { type: 'qlora', ...adapters }, quantization: nf4, checkpointing },
  },
  'lora-int8': {
    task: 'train',
    label: 'LoRA, int8 base, rank 16',
    job: { method: { type: 'lora', ...adapters }, quantization: int8, checkpointing },
  },
  lora: {
    task: 'train',
    label: 'LoRA, bf16 base, rank 16',
    job: { method: { type: 'lora', ...adapters }, checkpointing },
  },
  full: { task: 'train', label: 'full training, bf16', job: { checkpointing } },
  'full-amp': {
    task: 'train',
    label: 'full training, bf16 autocast over fp32',
    job: { precision: 'amp-bf16', checkpointing },
  },
}

export interface FitShape {
  readonly batchSize: number
  /** Tokens of a training sequence; in inference the first half is the prompt, the rest generated. */
  readonly sequenceLength: number
}

/** The job of a method; `changes` are fields that somebody set, and win. Throws InputError for them. */
export function jobOfMethod(
  id: FitMethodId,
  model: z.input<typeof TrainJob>['model'],
  { batchSize, sequenceLength }: FitShape,
  changes: Readonly<Record<string, unknown>> = {},
): Job {
  const { task, job } = fitMethods[id]
  const promptLength = Math.ceil(sequenceLength / 2)
  const lengths =
    task === 'train'
      ? { sequenceLength }
      : { promptLength, generatedLength: sequenceLength - promptLength }
  return parseJob({ ...job, task, model, batchSize, ...lengths, ...changes })
}

/** Throws InputError that lists the methods there are. */
export function fitMethodId(text: string, path: string): FitMethodId {
  const found = fitMethodIds.find((id) => id === text)
  if (found) return found
  throw new InputError({
    code: 'INVALID_VALUE',
    path,
    message: `"${text.slice(0, 60)}" is not possible, choose ${fitMethodIds.join(', ')}`,
  })
}
