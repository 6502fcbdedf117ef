import { parseDocument } from 'yaml'
import { InputError } from '../errors'
import {
  all,
  applyRules,
  type FieldRules,
  type FieldValue,
  FragmentDraft,
  type JobFragment,
} from './trainingFields'
import { changesMemory, noEffectNames, noEffectPrefixes, parallelSizes } from './axolotlFields'
import { readFsdp } from './trainingArguments'
import { huggingFaceOptimizers } from './trainingOptimizers'

/**
 * An axolotl YAML as a training job. axolotl loads the weights in the training precision (`bf16:
 * true` means bf16 weights), unlike plain TrainingArguments.
 */

/** Configurations have some 200 lines; YAML's aliases make a small text large. */
const maxYamlBytes = 1_000_000
/** Aliases that one document may expand: axolotl configurations use none or a handful. */
const maxAliasCount = 50

/** Throws InputError that names the field that cannot be mapped. */
export function axolotlJob(text: string, file = 'axolotl YAML'): JobFragment {
  const config = parseYaml(text, file)
  const draft = new FragmentDraft()
  const settings: AxolotlSettings = {
    adapter: null,
    targets: null,
    rank: 8,
    dropout: 0,
    modulesToSave: [],
  }
  draft.job.task = 'train'
  applyRules(config, rootRules(draft, settings, file), file)
  if (draft.job.precision === undefined) {
    draft.job.precision = 'fp32'
    draft.implied.set('precision', 'neither bf16 nor fp16 is on: fp32')
  }
  applyAdapter(draft, settings, file)
  return draft.finish()
}

interface AxolotlSettings {
  adapter: 'lora' | 'qlora' | null
  targets: 'all-linear' | string[] | null
  rank: number
  dropout: number
  modulesToSave: string[]
}

function parseYaml(text: string, file: string): unknown {
  if (text.length > maxYamlBytes) {
    throw new InputError({
      code: 'FILE_TOO_LARGE',
      file,
      message: `has ${text.length} characters, more than the ${maxYamlBytes} of any configuration`,
    })
  }
  // `merge` is off and `uniqueKeys` on: two values of one field are a mistake to be told about.
  const document = parseDocument(text, { uniqueKeys: true, merge: false })
  const [error] = document.errors
  if (error) {
    const line = error.linePos?.[0].line
    throw new InputError({
      code: 'FILE_CORRUPT',
      file,
      path: line === undefined ? null : `line ${line}`,
      // The line is named already, and what follows the first one is an excerpt.
      message: `is not YAML: ${error.message.split('\n')[0]?.replace(/ at line \d+, column \d+:?$/, '') ?? ''}`,
    })
  }
  try {
    return document.toJS({ maxAliasCount })
  } catch {
    throw new InputError({ code: 'FILE_CORRUPT', file, message: 'expands too many aliases' })
  }
}

function rootRules(draft: FragmentDraft, settings: AxolotlSettings, file: string): FieldRules {
  const { job } = draft
  const precision =
    (name: 'bf16' | 'fp16') =>
    (field: FieldValue): void => {
      // `bf16: auto` is bf16 on every GPU since Ampere.
      const isOn = field.value === 'auto' || field.value === 'full' || field.flag()
      if (isOn) job.precision ??= name
    }
  const attention =
    (kind: 'flash' | 'sdpa' | 'eager') =>
    (field: FieldValue): void => {
      if (field.flag()) job.attention = kind
    }
  const chunkedLoss = (field: FieldValue): void => {
    if (field.flag()) job.loss = 'chunked'
  }
  const load =
    (scheme: 'bnb-int8' | 'nf4') =>
    (field: FieldValue): void => {
      if (field.flag()) job.quantization = { scheme, bits: scheme === 'nf4' ? 4 : 8 }
    }
  return {
    noEffectPrefixes,
    fields: {
      base_model: (field) => {
        draft.baseModel = field.text()
      },
      adapter: (field) => {
        if (!field.isUnset)
          settings.adapter = field.choice({ lora: 'lora', qlora: 'qlora' } as const)
      },
      load_in_8bit: load('bnb-int8'),
      load_in_4bit: load('nf4'),
      lora_r: (field) => {
        if (!field.isUnset) settings.rank = field.count()
      },
      lora_dropout: (field) => {
        if (!field.isUnset) settings.dropout = field.fraction()
      },
      lora_target_linear: (field) => {
        if (field.flag()) settings.targets = 'all-linear'
      },
      lora_target_modules: (field) => {
        if (field.value === 'all-linear') settings.targets = 'all-linear'
        else if (!field.isUnset) settings.targets ??= field.texts()
      },
      lora_modules_to_save: (field) => {
        if (!field.isUnset) settings.modulesToSave = field.texts()
      },
      sequence_len: (field) => {
        job.sequenceLength = field.count()
      },
      micro_batch_size: (field) => {
        job.batchSize = field.count()
      },
      gradient_accumulation_steps: (field) => {
        job.gradientAccumulationSteps = field.count()
      },
      optimizer: (field) => {
        job.optimizer = field.choice(huggingFaceOptimizers)
      },
      gradient_checkpointing: (field) => {
        if (field.value === 'offload' || field.value === 'offload_disk')
          job.checkpointing = 'offload'
        else if (field.flag()) job.checkpointing = 'layer'
      },
      activation_offloading: (field) => {
        if (field.flag()) job.checkpointing = 'offload'
      },
      bf16: precision('bf16'),
      bfloat16: precision('bf16'),
      fp16: precision('fp16'),
      float16: precision('fp16'),
      flash_attention: attention('flash'),
      xformers_attention: attention('flash'),
      sdp_attention: attention('sdpa'),
      eager_attention: attention('eager'),
      attn_implementation: (field) => {
        if (field.isUnset) return
        job.attention = field.choice({
          sdpa: 'sdpa',
          eager: 'eager',
          flash_attention_2: 'flash',
          flash_attention_3: 'flash',
        } as const)
      },
      liger_fused_linear_cross_entropy: chunkedLoss,
      cut_cross_entropy: chunkedLoss,
      chunked_cross_entropy: chunkedLoss,
      sample_packing: (field) => {
        if (field.flag())
          draft.assumptions.push('sample_packing: every row is sequence_len tokens long')
      },
      deepspeed: (field) => readDeepspeed(draft, field),
      fsdp: (field) => readFsdp(job, field),
      fsdp_config: (field) => {
        if (field.isUnset) return
        applyRules(
          field.value,
          {
            noEffectPrefixes: [
              'fsdp_',
              'auto_wrap_policy',
              'transformer_layer_',
              'state_dict_',
              'final_state_',
              'cpu_ram_',
              'limit_all_',
              'sync_module_',
              'use_orig_',
              'version',
              'backward_prefetch',
            ],
            fields: {
              fsdp_offload_params: (inner) => offloadParameters(draft, inner),
              offload_params: (inner) => offloadParameters(draft, inner),
              reshard_after_forward: (inner) => {
                job.sharding = inner.flag() ? 'zero3' : 'zero2'
              },
              activation_checkpointing: (inner) => {
                if (inner.flag()) job.checkpointing = 'layer'
              },
              fsdp_activation_checkpointing: (inner) => {
                if (inner.flag()) job.checkpointing = 'layer'
              },
            },
          },
          file,
          field.path,
        )
      },
      ...all(
        (field) => {
          if (!field.isUnset && field.count() !== 1) {
            throw field.refuse('splitting a layer over GPUs is not modelled; use zero3 or 1')
          }
        },
        ...parallelSizes,
      ),
      ...all('mustBeUnset', ...changesMemory),
      ...all('noEffect', ...noEffectNames),
    },
  }
}

function offloadParameters(draft: FragmentDraft, field: FieldValue): void {
  if (field.flag()) draft.job.offload = 'all'
}

/** The files that axolotl brings along are named after their stage. */
function readDeepspeed(draft: FragmentDraft, field: FieldValue): void {
  if (field.isUnset) return
  const name = field.text()
  const stage = /(?:^|\/)zero([123])[^/]*\.json$/.exec(name)?.[1]
  if (stage === undefined || /cpuoffload/.test(name)) {
    throw field.refuse(
      'is another file; estimate from that DeepSpeed JSON, or use zero1 to zero3.json',
    )
  }
  draft.job.sharding = ({ 1: 'zero1', 2: 'zero2', 3: 'zero3' } as const)[Number(stage) as 1 | 2 | 3]
  draft.job.masterWeights = 'fp32'
  draft.job.optimizerStatePrecision = 'fp32'
  draft.assumptions.push(
    `deepspeed: ${name} is taken for axolotl's own file of ZeRO stage ${stage}`,
  )
}

function applyAdapter(draft: FragmentDraft, settings: AxolotlSettings, file: string): void {
  const { job } = draft
  if (settings.adapter === null) {
    if (job.quantization !== undefined && job.quantization !== null) {
      throw new InputError({
        code: 'INVALID_VALUE',
        file,
        path: 'adapter',
        message: 'is missing: a quantized base is trained by an adapter only; set lora or qlora',
      })
    }
    return
  }
  if (settings.targets === null) {
    throw new InputError({
      code: 'MISSING_FIELD',
      file,
      path: 'lora_target_modules',
      message: 'is missing; list the modules or set lora_target_linear: true',
    })
  }
  const { rank, dropout, targets, modulesToSave } = settings
  job.method = { type: settings.adapter, rank, dropout, targets, modulesToSave }
  // axolotl asks bitsandbytes for double quantization of a 4-bit base.
  if (job.quantization?.scheme === 'nf4')
    job.quantization = { ...job.quantization, doubleQuant: true }
}
