import { InputError } from '../core/errors'
import type { Job } from '../core/estimate/job'
import { fullCount, listOf, numberOf, type Read } from './optionValues'

/** One flag of `estimate` and `fit` that sets a field of a Job. */
export interface JobFlag {
  /** As commander reads it: `--batch <n>`. */
  readonly flags: string
  /** Dotted path of the field in the Job. */
  readonly field: string
  readonly description: string
  readonly read: Read
  /** The only task that has the field; null where both have it. */
  readonly task: Job['task'] | null
}

const text: Read = (_flag, value) => value
type UntaskedFlag = Omit<JobFlag, 'task'>
const flag = (
  flags: string,
  field: string,
  description: string,
  read: Read = text,
): UntaskedFlag => ({ flags, field, description, read })

/** Fields of any job. */
const commonFlags: readonly UntaskedFlag[] = [
  flag(
    '--runtime <name>',
    'runtime',
    'pytorch, onnxruntime (graphs of the own engine), or textbook: weights, gradients and states only',
  ),
  flag('--head <name>', 'head', 'causalLm, maskedLm, seq2seq or sequenceClassification'),
  flag(
    '--quantization <scheme>',
    'quantization.scheme',
    'bnb-int8, nf4, fp4, gptq, awq, fp8, gguf',
  ),
  flag('--bits <n>', 'quantization.bits', 'bits of a quantized weight', numberOf),
  flag('--group-size <n>', 'quantization.groupSize', 'weights that share a scale', numberOf),
  flag('--double-quant', 'quantization.doubleQuant', 'quantize the scales, too', () => true),
  flag('--gguf-type <name>', 'quantization.ggufType', 'mixture, such as Q4_K_M'),
  flag('--skip <list>', 'quantization.skip', 'modules that stay unquantized', listOf),
  flag('--attention <name>', 'attention', 'sdpa (usual), flash or eager'),
  flag('--logits <which>', 'logits', 'all or last'),
  flag('--batch <n>', 'batchSize', 'sequences per step and GPU (usual: 1)', fullCount),
  flag('--gpus <n>', 'gpuCount', 'how many GPUs work together', fullCount),
  flag('--sharding <name>', 'sharding', 'none, zero1, zero2, zero3 (FSDP) or pipeline'),
  flag('--offload <what>', 'offload', 'none, optimizer or all: to the host'),
]

const trainFlags: readonly UntaskedFlag[] = [
  flag('--method <name>', 'method.type', 'full (usual), lora or qlora'),
  flag('--rank <n>', 'method.rank', 'of the adapters (usual: 8)', fullCount),
  flag('--targets <list>', 'method.targets', 'all-linear, or names of modules', (name, value) =>
    value === 'all-linear' ? value : listOf(name, value),
  ),
  flag('--adapter-precision <name>', 'method.adapterPrecision', 'fp32 (as PEFT) or same'),
  flag('--dropout <p>', 'method.dropout', 'of the adapters', numberOf),
  flag('--modules-to-save <list>', 'method.modulesToSave', 'trained in full beside them', listOf),
  flag(
    '--optimizer <name>',
    'optimizer',
    'adamw-fused (usual), adamw-foreach, adamw-8bit, paged-adamw-8bit, adam, sgd, momentum, adafactor, lion',
  ),
  flag('--optimizer-states <name>', 'optimizerStatePrecision', 'same or fp32'),
  flag('--master-weights <name>', 'masterWeights', 'none or fp32'),
  flag(
    '--optimizer-in-backward',
    'optimizerInBackward',
    'use and free each gradient at once',
    () => true,
  ),
  flag(
    '--sequence-length <n>',
    'sequenceLength',
    'tokens per sequence (usual: 512); in inference, of the prompt',
    fullCount,
  ),
  flag('--target-length <n>', 'targetLength', 'tokens of the decoder (seq2seq)', fullCount),
  flag(
    '--accumulation <n>',
    'gradientAccumulationSteps',
    'micro-batches per step (usual: 1)',
    fullCount,
  ),
  flag('--checkpointing <name>', 'checkpointing', 'none (usual), layer or offload'),
  flag('--loss <name>', 'loss', 'full (usual) or chunked'),
]

const inferFlags: readonly UntaskedFlag[] = [
  flag('--prompt-length <n>', 'promptLength', 'tokens of the prompt (usual: 512)', fullCount),
  flag('--generate <n>', 'generatedLength', 'tokens that are generated (usual: 0)', fullCount),
  flag('--kv-precision <name>', 'kvPrecision', 'same, fp32, fp16, bf16, fp8, int8 or int4'),
  flag('--kv-allocation <name>', 'kvAllocation', 'grow or static'),
  flag('--max-length <n>', 'maxLength', 'tokens that a static cache is made for', fullCount),
]

/** Every flag but those that each command reads by itself: model, task, precision, gpu, output. */
export const jobFlags: readonly JobFlag[] = [
  ...commonFlags.map((each) => ({ ...each, task: null })),
  ...trainFlags.map((each) => ({ ...each, task: 'train' as const })),
  ...inferFlags.map((each) => ({ ...each, task: 'infer' as const })),
]

/** Those that `fit` lays over its methods. */
export const fitFlags: readonly JobFlag[] = jobFlags.filter(({ field }) =>
  [
    'attention',
    'gpuCount',
    'sharding',
    'offload',
    'method.rank',
    'method.targets',
    'optimizer',
    'gradientAccumulationSteps',
    'checkpointing',
    'loss',
    'kvPrecision',
  ].includes(field),
)

/** Flags as commander gives them, by their name in camel case. */
export type RawOptions = Readonly<Record<string, unknown>>

/** Fields of a Job, nested, as flags or files set them. */
export type JobFields = Record<string, unknown>

export function flagName({ flags }: JobFlag): string {
  return flags.split(' ')[0] ?? flags
}

/** As commander names it among its options. */
export function optionName(each: JobFlag): string {
  return flagName(each)
    .slice(2)
    .replaceAll(/-(\w)/g, (_, letter: string) => letter.toUpperCase())
}

/** The fields that flags set. Throws InputError that names the flag. */
export function readJobFlags(
  options: RawOptions,
  task: Job['task'],
  flags: readonly JobFlag[] = jobFlags,
): JobFields {
  const fields: JobFields = {}
  for (const each of flags) {
    const value = options[optionName(each)]
    if (value === undefined) continue
    const [outer = '', inner] = fieldFor(each, task).split('.')
    const read = each.read(flagName(each), typeof value === 'string' ? value : '')
    if (inner === undefined) fields[outer] = read
    else fields[outer] = { ...(fields[outer] as JobFields | undefined), [inner]: read }
  }
  return fields
}

/** A rank without a method, or a mixture without a scheme, can mean one thing only. */
export function withImpliedTypes(fields: JobFields): JobFields {
  const complete = { ...fields }
  impliedType(complete, 'method', 'type', 'lora')
  const { quantization } = complete as { readonly quantization?: JobFields }
  if (quantization?.ggufType !== undefined) {
    impliedType(complete, 'quantization', 'scheme', 'gguf')
  }
  return complete
}

function impliedType(fields: JobFields, outer: string, inner: string, value: string): void {
  const given = fields[outer] as JobFields | undefined
  if (given !== undefined && given[inner] === undefined)
    fields[outer] = { [inner]: value, ...given }
}

function fieldFor({ field }: JobFlag, task: Job['task']): string {
  return task === 'infer' && field === 'sequenceLength' ? 'promptLength' : field
}

const ownFlags: Readonly<Record<string, string>> = {
  task: '--task',
  precision: '--precision',
  gpu: '--gpu',
  'model.parameterCount': '--params',
  model: '--model',
}

/** The flag that sets the field at `path` of a Job, or a part of it; null where none does. */
export function flagOf(path: string, task: Job['task']): string | null {
  for (let part = path; part !== ''; part = part.slice(0, Math.max(0, part.lastIndexOf('.')))) {
    const own = Object.hasOwn(ownFlags, part) ? ownFlags[part] : undefined
    if (own !== undefined) return own
    const found =
      jobFlags.find((each) => fieldFor(each, task) === part) ??
      jobFlags.find(({ field }) => field.split('.')[0] === part)
    if (found) return flagName(found)
  }
  return null
}

/** Repeats `read`, and gives its errors the flag of the field, or the file that set it. */
export function namingFlags<T>(
  task: Job['task'],
  fileOf: (field: string) => string | null,
  read: () => T,
): T {
  try {
    return read()
  } catch (error) {
    if (!(error instanceof InputError) || error.path === null || error.file !== null) throw error
    const { code, path } = error
    const file = fileOf(path.split('.')[0] ?? path)
    if (file !== null) throw new InputError({ code, path, file, message: error.message })
    const named = flagOf(path, task)
    const message =
      code === 'UNKNOWN_FIELD' && named !== null
        ? `has no meaning with --task ${task}; leave it out`
        : error.message
    throw new InputError({ code, path: named ?? path, message })
  }
}
