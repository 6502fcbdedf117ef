import { InputError } from '../errors'
import { deepspeedJob } from './deepspeedConfig'
import { mergeTrainingFiles, type TrainingFile } from './mergeTrainingFiles'
import {
  all,
  applyRules,
  type FieldRules,
  type FieldValue,
  FragmentDraft,
  type JobFragment,
  type TrainJobFields,
} from './trainingFields'
import { huggingFaceOptimizers } from './trainingOptimizers'

/**
 * Hugging Face TrainingArguments (also TRL's SFTConfig) as JSON: what `to_json_string()` writes, with
 * every field at its default. Weights are the model's, so `bf16` here means autocast over fp32.
 */

/** Throws InputError that names the field that cannot be mapped. */
export function trainingArgumentsJob(args: unknown, file = 'TrainingArguments'): JobFragment {
  const draft = new FragmentDraft()
  const { job } = draft
  job.task = 'train'
  const inner: TrainingFile[] = []
  applyRules(args, rootRules(draft, inner, file), file)
  job.precision ??= 'fp32'
  const autocast = job.precision === 'fp32' ? '' : ` under ${job.precision.slice(4)} autocast`
  draft.implied.set(
    'precision',
    `the arguments do not say how the model is loaded: fp32 weights${autocast} are assumed`,
  )
  const own = { kind: 'trainingArguments', file, fragment: draft.finish() } as const
  return inner.length === 0 ? own.fragment : mergeTrainingFiles([own, ...inner])
}

function rootRules(draft: FragmentDraft, inner: TrainingFile[], file: string): FieldRules {
  const { job } = draft
  const precisionFlag =
    (precision: 'amp-fp16' | 'amp-bf16') =>
    (field: FieldValue): void => {
      if (!field.flag()) return
      if (job.precision !== undefined) throw field.refuse('fp16 and bf16 exclude each other')
      job.precision = precision
    }
  const length = (field: FieldValue): void => {
    if (!field.isUnset) job.sequenceLength = field.count()
  }
  return {
    noEffectPrefixes,
    fields: {
      per_device_train_batch_size: (field) => {
        job.batchSize = field.count()
      },
      gradient_accumulation_steps: (field) => {
        job.gradientAccumulationSteps = field.count()
      },
      gradient_checkpointing: (field) => {
        if (field.flag()) job.checkpointing ??= 'layer'
      },
      activation_offloading: (field) => {
        if (field.flag()) job.checkpointing = 'offload'
      },
      bf16: precisionFlag('amp-bf16'),
      fp16: precisionFlag('amp-fp16'),
      optim: (field) => {
        job.optimizer = field.choice(huggingFaceOptimizers)
      },
      max_length: length,
      max_seq_length: length,
      loss_type: (field) => {
        if (field.isUnset) return
        job.loss = field.choice({ nll: 'full', chunked_nll: 'chunked' } as const)
      },
      use_liger_kernel: (field) => {
        if (!field.flag()) return
        job.loss = 'chunked'
        draft.assumptions.push(
          'use_liger_kernel: its fused loss is counted, its fused norms and MLPs are not',
        )
      },
      deepspeed: (field) => inner.push(...readDeepspeed(field, file)),
      fsdp: (field) => readFsdp(job, field),
      ...all(
        'mustBeUnset',
        'torch_compile',
        'optim_target_modules',
        'sharded_ddp',
        'tp_size',
        'parallelism_config',
      ),
      label_smoothing_factor: (field) => {
        if (field.value !== 0)
          throw field.refuse('label smoothing keeps other tensors; set it to 0')
      },
      ...all('noEffect', ...noEffectNames),
    },
  }
}

function readDeepspeed(field: FieldValue, file: string): readonly TrainingFile[] {
  if (field.isUnset) return []
  if (typeof field.value === 'string') {
    throw new InputError({
      code: 'UNSUPPORTED',
      file,
      path: field.path,
      message: `${JSON.stringify(field.value)} is another file; put its content here`,
    })
  }
  const name = `${file} ${field.path}`
  return [{ kind: 'deepspeed', file: name, fragment: deepspeedJob(field.value, name) }]
}

/** `"full_shard auto_wrap"`, or the same as a list. */
export function readFsdp(job: TrainJobFields, field: FieldValue): void {
  if (field.isUnset) return
  const options = typeof field.value === 'string' ? field.value.split(/[\s,]+/) : field.texts()
  for (const option of options) {
    if (option === 'full_shard') job.sharding = 'zero3'
    else if (option === 'shard_grad_op') job.sharding = 'zero2'
    else if (option === 'offload') job.offload = 'all'
    else if (!['auto_wrap', 'no_shard'].includes(option)) {
      throw field.refuse(`${option} is not modelled; use full_shard or shard_grad_op`)
    }
  }
}

/** Saving, logging, evaluation, data loading, schedules: nothing of it is on the GPU while training. */
const noEffectPrefixes: readonly string[] = [
  'adam_',
  'average_tokens_',
  'batch_eval_',
  'dataloader_',
  'dataset_',
  'ddp_',
  'eval_',
  'group_by_',
  'hub_',
  'include_',
  'jit_mode_',
  'liger_kernel_',
  'load_best_model_',
  'log_',
  'logging_',
  'lr_',
  'metric_',
  'push_to_hub',
  'report_',
  'save_',
  'skip_memory_',
  'torch_compile_',
  'tpu_',
  'trackio_',
  'warmup_',
]

const noEffectNames: readonly string[] = [
  '_n_gpu',
  'accelerator_config',
  'assistant_only_loss',
  'auto_find_batch_size',
  'bf16_full_eval',
  'chat_template_path',
  'completion_only_loss',
  'data_seed',
  'debug',
  'disable_tqdm',
  'do_eval',
  'do_predict',
  'do_train',
  'enable_jit_checkpoint',
  'eos_token',
  'fp16_backend',
  'fp16_full_eval',
  'fp16_opt_level',
  'fsdp_config',
  'fsdp_min_num_params',
  'fsdp_transformer_layer_cls_to_wrap',
  'full_determinism',
  'gradient_checkpointing_kwargs',
  'greater_is_better',
  'half_precision_backend',
  'ignore_data_skip',
  'label_names',
  'learning_rate',
  'length_column_name',
  'local_rank',
  'max_grad_norm',
  'max_steps',
  'model_init_kwargs',
  'mp_parameters',
  'neftune_noise_alpha',
  'no_cuda',
  'num_train_epochs',
  'optim_args',
  'output_dir',
  'overwrite_output_dir',
  'packing',
  'packing_strategy',
  'pad_to_multiple_of',
  'pad_token',
  'padding_free',
  'past_index',
  'per_device_eval_batch_size',
  'per_gpu_eval_batch_size',
  'per_gpu_train_batch_size',
  'prediction_loss_only',
  'project',
  'ray_scope',
  'remove_unused_columns',
  'restore_callback_states_from_checkpoint',
  'resume_from_checkpoint',
  'run_name',
  'seed',
  'shuffle_dataset',
  'split_batches',
  'tf32',
  'torch_empty_cache_steps',
  'torchdynamo',
  'use_cpu',
  'use_cache',
  'use_ipex',
  'use_legacy_prediction_loop',
  'use_mps_device',
  'weight_decay',
]
