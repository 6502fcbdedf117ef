import * as z from 'zod'
import { InputError } from '../errors'
import { modelHeads, quantizationSchemes } from '../models/architecture'

/**
 * What is to be estimated, as `headroom estimate --jobs` reads it, one a line. Every field is
 * modelled; one that is not is refused by name rather than ignored.
 */

/**
 * Above these no machine exists; below them no product of four fields leaves the range of a double.
 */
export const maxJobBatchSize = 2 ** 20
export const maxJobSequenceLength = 2 ** 24
const maxGpuCount = 2 ** 16
const maxRank = 2 ** 14
const maxParameterCount = 2 ** 49

const count = (max: number) => {
  const advice = `give a whole number from 1 to ${max}`
  return z.int(advice).min(1, advice).max(max, advice)
}

export const JobModel = z
  .strictObject({
    /** A Hugging Face config.json, inline. */
    config: z.record(z.string(), z.unknown()).optional(),
    /** config.json, a model directory, .gguf, .safetensors or .onnx. */
    path: z.string().min(1).optional(),
    /** A row of the built-in catalogue. */
    name: z.string().min(1).optional(),
    /** With the textbook runtime only. */
    parameterCount: count(maxParameterCount).optional(),
  })
  .refine((model) => Object.values(model).filter((value) => value !== undefined).length === 1, {
    message: 'give exactly one of config, path, name, parameterCount',
  })

export const JobMethod = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('full') }),
  ...(['lora', 'qlora'] as const).map((type) =>
    z.strictObject({
      type: z.literal(type),
      rank: count(maxRank).default(8),
      targets: z
        .union([z.literal('all-linear'), z.array(z.string().min(1)).min(1)])
        .default('all-linear'),
      /** PEFT makes adapters fp32 over a 16-bit or quantized base unless told otherwise. */
      adapterPrecision: z.enum(['same', 'fp32']).default('fp32'),
      dropout: z.number().min(0).max(1).default(0),
      modulesToSave: z.array(z.string().min(1)).default([]),
    }),
  ),
])
export type JobMethod = z.infer<typeof JobMethod>

export const JobQuantization = z.strictObject({
  scheme: z.enum(quantizationSchemes),
  bits: z.number().min(1).max(16).nullable().default(null),
  groupSize: z.int().min(-1).max(65_536).nullable().default(null),
  doubleQuant: z.boolean().default(false),
  ggufType: z.string().min(1).nullable().default(null),
  skip: z.array(z.string().min(1)).default(['lm_head']),
})
export type JobQuantization = z.infer<typeof JobQuantization>

const common = {
  id: z.string().nullable().default(null),
  runtime: z.enum(['pytorch', 'onnxruntime', 'textbook']).default('pytorch'),
  /** null: the one that the model_type usually has. */
  head: z.enum(modelHeads).nullable().default(null),
  model: JobModel,
  precision: z.enum(['fp32', 'fp16', 'bf16', 'amp-fp16', 'amp-bf16', 'int8']).default('bf16'),
  quantization: JobQuantization.nullable().default(null),
  attention: z.enum(['sdpa', 'flash', 'eager']).default('sdpa'),
  logits: z.enum(['all', 'last']).nullable().default(null),
  /** Row of resources/gpus.json; null: no verdict. */
  gpu: z.string().min(1).nullable().default(null),
  gpuCount: count(maxGpuCount).default(1),
  sharding: z.enum(['none', 'zero1', 'zero2', 'zero3', 'pipeline']).default('none'),
  offload: z.enum(['none', 'optimizer', 'all']).default('none'),
  /** Also search the largest batch, the longest sequence, and what would make the job fit. */
  solve: z.boolean().default(false),
} as const

export const TrainJob = z.strictObject({
  ...common,
  task: z.literal('train'),
  method: JobMethod.default({ type: 'full' }),
  optimizer: z
    .enum([
      'adamw',
      'adamw-fused',
      'adamw-foreach',
      'adam',
      'adamw-8bit',
      'paged-adamw-8bit',
      'sgd',
      'momentum',
      'adafactor',
      'lion',
    ])
    .default('adamw-fused'),
  optimizerStatePrecision: z.enum(['same', 'fp32']).default('same'),
  masterWeights: z.enum(['none', 'fp32']).default('none'),
  /** Each gradient is used and freed as soon as it is complete (LOMO, torchtune). */
  optimizerInBackward: z.boolean().default(false),
  batchSize: count(maxJobBatchSize).default(1),
  sequenceLength: count(maxJobSequenceLength).default(512),
  /** Decoder tokens of an encoder–decoder; null: as many as `sequenceLength`. */
  targetLength: count(maxJobSequenceLength).nullable().default(null),
  gradientAccumulationSteps: count(maxJobBatchSize).default(1),
  checkpointing: z.enum(['none', 'layer', 'offload']).default('none'),
  loss: z.enum(['full', 'chunked']).default('full'),
})
export type TrainJob = z.infer<typeof TrainJob>

export const InferJob = z.strictObject({
  ...common,
  task: z.literal('infer'),
  batchSize: count(maxJobBatchSize).default(1),
  promptLength: count(maxJobSequenceLength).default(512),
  generatedLength: z.int().min(0).max(maxJobSequenceLength).default(0),
  kvPrecision: z.enum(['same', 'fp32', 'fp16', 'bf16', 'fp8', 'int8', 'int4']).default('same'),
  kvAllocation: z.enum(['grow', 'static']).default('grow'),
  /** Tokens that a static cache is made for; null: prompt and generated together. */
  maxLength: count(maxJobSequenceLength).nullable().default(null),
})
export type InferJob = z.infer<typeof InferJob>

export const Job = z.discriminatedUnion('task', [TrainJob, InferJob])
export type Job = z.infer<typeof Job>

/**
 * One checked job with every default filled in.
 * Throws InputError that names the first wrong field by its dotted path.
 */
export function parseJob(value: unknown): Job {
  const result = Job.safeParse(value)
  if (result.success) return checkCombination(result.data)
  throw toInputError(result.error, value)
}

function toInputError(error: z.ZodError, value: unknown): InputError {
  const issue = error.issues[0]
  if (!issue) throw new Error('zod refused a job without an issue')
  const base = issue.path.map(String)
  if (issue.code === 'unrecognized_keys') {
    const key = issue.keys[0] ?? ''
    return new InputError({
      code: 'UNKNOWN_FIELD',
      path: [...base, key].join('.'),
      message: 'is not a field of a job: nothing is ignored, so remove it or correct its name',
    })
  }
  const given = base.reduce<unknown>(
    (parent, key) =>
      typeof parent === 'object' && parent !== null
        ? (parent as Readonly<Record<string, unknown>>)[key]
        : undefined,
    value,
  )
  const path = base.length > 0 ? base.join('.') : null
  if (given === undefined && path !== null) {
    return new InputError({
      code: 'MISSING_FIELD',
      path,
      message: `is missing: ${adviceOf(issue)}`,
    })
  }
  return new InputError({
    code: 'INVALID_VALUE',
    path,
    message: `${describe(given)} is not accepted: ${adviceOf(issue)}`,
  })
}

/** zod's own words, but for lists of choices, which it puts in quotes and bars. */
function adviceOf(issue: z.core.$ZodIssue): string {
  if (issue.code === 'invalid_value') return `choose ${issue.values.join(', ')}`
  return issue.message
}

/** Long or nested values would hide the message. */
function describe(value: unknown): string {
  if (typeof value === 'number') return String(value)
  const text = JSON.stringify(value) ?? String(value)
  return text.length > 60 ? `${text.slice(0, 57)}…` : text
}

function refuse(path: string, message: string): never {
  throw new InputError({ code: 'UNSUPPORTED', path, message })
}

/** Fields that are fine alone and contradict each other. */
function checkCombination(job: Job): Job {
  const isTextbook = job.runtime === 'textbook'
  if (job.precision === 'int8' && !isTextbook) {
    refuse('precision', 'int8 is a precision of the textbook only; give quantization instead')
  }
  if (job.model.parameterCount !== undefined && !isTextbook) {
    refuse('model.parameterCount', 'a number alone has no shapes; use the textbook runtime')
  }
  if (job.task === 'train' && !isTextbook) {
    if (job.method.type === 'full' && job.quantization !== null) {
      refuse(
        'method',
        'a quantized base cannot be trained in full; use qlora or lora, or task infer',
      )
    }
    if (job.optimizerInBackward && job.gradientAccumulationSteps > 1) {
      refuse('optimizerInBackward', 'gradients that are used at once cannot be accumulated')
    }
  }
  if (job.task === 'infer' && job.maxLength !== null) {
    const needed = job.promptLength + job.generatedLength
    if (job.kvAllocation !== 'static') {
      refuse('maxLength', 'only a static cache has a length; set kvAllocation to static')
    }
    if (job.maxLength < needed) {
      refuse('maxLength', `${job.maxLength} tokens cannot hold the ${needed} of the job`)
    }
  }
  return job
}
