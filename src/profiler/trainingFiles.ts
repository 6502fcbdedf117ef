import { basename, dirname } from 'node:path'
import { InputError } from '../core/errors'
import { axolotlJob } from '../core/models/axolotlYaml'
import type { ByteSource } from '../core/models/byteSource'
import { deepspeedJob } from '../core/models/deepspeedConfig'
import { isRecord, scanJson } from '../core/models/jsonHeader'
import type { TrainingFile, TrainingFileKind } from '../core/models/mergeTrainingFiles'
import { peftAdapterJob } from '../core/models/peftAdapter'
import { trainingArgumentsJob } from '../core/models/trainingArguments'
import { fileByteSource, siblingByteSource } from './fileByteSource'

/** Configurations have some 200 lines. */
const maxBytes = 1_000_000
const maxDepth = 32

type Fields = Readonly<Record<string, unknown>>

/** Fields that only one tool writes; the first kind of which a file has one, it is. */
const marks: readonly (readonly [kind: TrainingFileKind, names: readonly string[]])[] = [
  ['peft', ['peft_type']],
  ['axolotl', ['base_model']],
  [
    'trainingArguments',
    [
      'per_device_train_batch_size',
      'output_dir',
      'optim',
      'num_train_epochs',
      'gradient_checkpointing',
    ],
  ],
  [
    'deepspeed',
    [
      'zero_optimization',
      'train_micro_batch_size_per_gpu',
      'train_batch_size',
      'zero_allow_untested_optimizer',
      'activation_checkpointing',
    ],
  ],
]

/**
 * A PEFT adapter_config.json, DeepSpeed JSON, axolotl YAML or TrainingArguments JSON, told apart by
 * their fields. Throws InputError that names the file and the field.
 */
export async function readTrainingFile(path: string): Promise<TrainingFile> {
  const name = basename(path)
  const source = await fileByteSource(path)
  const text = await textOf(source)
  if (!text.trimStart().startsWith('{')) {
    if (name.endsWith('.json')) throw refusal(name, 'FILE_CORRUPT', 'is not a JSON object')
    return axolotl(name, text)
  }
  const fields = parseFields(source.name, text)
  const kind = kindOf(name, fields)
  if (kind === 'axolotl') return axolotl(name, text)
  if (kind === 'peft') return { kind, file: name, fragment: peftAdapterJob(fields, name) }
  if (kind === 'deepspeed') return { kind, file: name, fragment: deepspeedJob(fields, name) }
  const inlined = await withDeepspeed(dirname(path), fields)
  return { kind, file: name, fragment: trainingArgumentsJob(inlined, name) }
}

function axolotl(file: string, text: string): TrainingFile {
  return { kind: 'axolotl', file, fragment: axolotlJob(text, file) }
}

function kindOf(file: string, fields: Fields): TrainingFileKind {
  const found = marks.find(([, names]) => names.some((name) => Object.hasOwn(fields, name)))
  if (found) return found[0]
  if (Object.hasOwn(fields, 'model_type') || Object.hasOwn(fields, 'architectures')) {
    throw refusal(file, 'UNSUPPORTED', 'is the configuration of a model; give it as --model')
  }
  throw refusal(
    file,
    'UNSUPPORTED',
    'is none of PEFT adapter_config.json, DeepSpeed JSON, axolotl YAML, TrainingArguments JSON',
  )
}

/** TrainingArguments name the DeepSpeed file beside them: its content takes the place of the name. */
async function withDeepspeed(folder: string, fields: Fields): Promise<Fields> {
  const { deepspeed } = fields
  if (typeof deepspeed !== 'string' || deepspeed === '') return fields
  const source = await siblingByteSource(folder, deepspeed)
  return { ...fields, deepspeed: parseFields(source.name, await textOf(source)) }
}

async function textOf(source: ByteSource): Promise<string> {
  if (source.sizeBytes > maxBytes) {
    throw refusal(
      source.name,
      'FILE_TOO_LARGE',
      `has ${source.sizeBytes} bytes, more than the ${maxBytes} of any configuration`,
    )
  }
  const bytes = await source.read(0, source.sizeBytes)
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    throw refusal(
      source.name,
      'UNSUPPORTED',
      'is no text; training_args.bin is a pickle and never opened: write to_json_string() of it',
    )
  }
}

function parseFields(file: string, text: string): Fields {
  if (scanJson(new TextEncoder().encode(text), maxDepth).depth > maxDepth) {
    throw refusal(file, 'FILE_CORRUPT', `is nested deeper than ${maxDepth} levels`)
  }
  let fields: unknown
  try {
    fields = JSON.parse(text)
  } catch {
    throw refusal(file, 'FILE_CORRUPT', 'is not JSON')
  }
  if (isRecord(fields)) return fields
  throw refusal(file, 'FILE_CORRUPT', 'is not an object of fields')
}

function refusal(file: string, code: InputError['code'], message: string): InputError {
  return new InputError({ code, file, message })
}
