import { InputError } from '../errors'
import {
  all,
  applyRules,
  type FieldRules,
  type FieldValue,
  FragmentDraft,
  type JobFragment,
} from './trainingFields'

/**
 * A DeepSpeed JSON as part of a training job: batch, precision, ZeRO stage, offload, optimizer.
 * DeepSpeed keeps fp32 master weights and fp32 states beside 16-bit weights, so both are set with
 * the precision. "auto" (the Hugging Face integration fills it in) leaves a field to the caller.
 */

/** Throws InputError that names the field that cannot be mapped. */
export function deepspeedJob(config: unknown, file = 'DeepSpeed config'): JobFragment {
  const draft = new FragmentDraft()
  draft.job.task = 'train'
  applyRules(config, rootRules(draft, file), file)
  if (draft.job.offload === 'all' && draft.job.sharding !== 'zero3') {
    throw new InputError({
      code: 'INVALID_VALUE',
      file,
      path: 'zero_optimization.offload_param',
      message: 'parameters are offloaded at stage 3 only; set stage to 3',
    })
  }
  return draft.finish()
}

function rootRules(draft: FragmentDraft, file: string): FieldRules {
  const { job } = draft
  const setCount =
    (name: 'batchSize' | 'gradientAccumulationSteps') =>
    (field: FieldValue): void => {
      if (!field.isUnset) job[name] = field.count()
    }
  const setPrecision =
    (precision: 'fp16' | 'bf16') =>
    (field: FieldValue): void => {
      let isEnabled = false
      const enable = (enabled: FieldValue): void => {
        isEnabled = enabled.flag()
      }
      const scaling = all(
        'noEffect',
        'auto_cast',
        'loss_scale',
        'initial_scale_power',
        'loss_scale_window',
        'hysteresis',
        'consecutive_hysteresis',
        'min_loss_scale',
        'check_grad_overflow',
        'immediate_grad_update',
      )
      const masters = all(
        'mustBeUnset',
        'fp16_master_weights_and_grads',
        'bf16_master_weights_and_grads',
        'bf16_optimizer_states',
      )
      applyRules(
        field.value,
        { fields: { enabled: enable, ...scaling, ...masters } },
        file,
        field.path,
      )
      if (!isEnabled) return
      job.precision = precision
      job.masterWeights = 'fp32'
      job.optimizerStatePrecision = 'fp32'
    }
  return {
    fields: {
      train_micro_batch_size_per_gpu: setCount('batchSize'),
      gradient_accumulation_steps: setCount('gradientAccumulationSteps'),
      fp16: setPrecision('fp16'),
      bf16: setPrecision('bf16'),
      bfloat16: setPrecision('bf16'),
      zero_optimization: (field) =>
        applyRules(field.value, zeroRules(draft, file), file, field.path),
      optimizer: (field) => readOptimizer(draft, field, file),
      activation_checkpointing: (field) =>
        applyRules(field.value, activationRules(draft), file, field.path),
      data_types: (field) =>
        applyRules(field.value, { fields: { grad_accum_dtype: 'mustBeUnset' } }, file, field.path),
      // The micro batch and the accumulation say it; alone it would need the number of GPUs.
      train_batch_size: (field) => {
        if (!field.isUnset) field.count()
      },
      amp: (field) => {
        const isOff = field.isUnset || (typeof field.value === 'object' && !enabledOf(field.value))
        if (!isOff) throw field.refuse('apex amp is not modelled; use fp16 or bf16')
      },
      ...all(
        'mustBeUnset',
        'sparse_attention',
        'compression_training',
        'quantize_training',
        'pipeline',
        'tensor_parallel',
        'sequence_parallel_size',
        'progressive_layer_drop',
        'hybrid_engine',
        'torch_autocast',
      ),
      ...all(
        'noEffect',
        'scheduler',
        'gradient_clipping',
        'gradient_predivide_factor',
        'prescale_gradients',
        'communication_data_type',
        'seq_parallel_communication_data_type',
        'steps_per_print',
        'wall_clock_breakdown',
        'memory_breakdown',
        'dump_state',
        'disable_allgather',
        'sparse_gradients',
        'zero_allow_untested_optimizer',
        'zero_force_ds_cpu_optimizer',
        'curriculum_learning',
        'data_efficiency',
        'checkpoint',
        'comms_logger',
        'flops_profiler',
        'tensorboard',
        'wandb',
        'csv_monitor',
        'comet',
        'elasticity',
        'autotuning',
        'aio',
        'compile',
      ),
    },
  }
}

function zeroRules(draft: FragmentDraft, file: string): FieldRules {
  const { job } = draft
  const readDevice = (field: FieldValue, onDevice: () => void): void => {
    if (field.isUnset) return
    const settings = all(
      'noEffect',
      'nvme_path',
      'pin_memory',
      'buffer_count',
      'buffer_size',
      'max_in_cpu',
      'fast_init',
      'pipeline_read',
      'pipeline_write',
      'pipeline',
    )
    const device = (value: FieldValue): void => {
      if (value.choice({ cpu: true, nvme: true, none: false })) onDevice()
    }
    const ratio = (value: FieldValue): void => {
      if (value.value !== 1)
        throw value.refuse('a part of the optimizer on the GPU is not modelled')
    }
    applyRules(field.value, { fields: { device, ratio, ...settings } }, file, field.path)
  }
  return {
    fields: {
      stage: (field) => {
        job.sharding = stageOf(field)
      },
      offload_optimizer: (field) =>
        readDevice(field, () => {
          job.offload = job.offload === 'all' ? 'all' : 'optimizer'
        }),
      offload_param: (field) =>
        readDevice(field, () => {
          job.offload = 'all'
        }),
      cpu_offload: (field) => {
        if (field.flag()) job.offload = 'optimizer'
      },
      ...all(
        'mustBeUnset',
        'zero_quantized_weights',
        'zero_quantized_gradients',
        'zero_quantized_nontrainable_weights',
        'mics_shard_size',
      ),
      zero_hpz_partition_size: (field) => {
        if (field.count() !== 1) throw field.refuse('a second copy of the weights is not modelled')
      },
      ...all(
        (field) => {
          if (field.isUnset) return
          draft.assumptions.push(`${field.path}: communication buffers are not counted`)
        },
        'reduce_bucket_size',
        'allgather_bucket_size',
        'stage3_prefetch_bucket_size',
      ),
      ...all(
        'noEffect',
        'contiguous_gradients',
        'overlap_comm',
        'reduce_scatter',
        'allgather_partitions',
        'load_from_fp32_weights',
        'elastic_checkpoint',
        'sub_group_size',
        'stage3_param_persistence_threshold',
        'stage3_model_persistence_threshold',
        'stage3_max_live_parameters',
        'stage3_max_reuse_distance',
        'stage3_gather_16bit_weights_on_model_save',
        'stage3_gather_fp16_weights_on_model_save',
        'stage3_module_granularity_threshold',
        'stage3_use_all_reduce_for_fetch_params',
        'round_robin_gradients',
        'ignore_unused_parameters',
        'legacy_stage1',
        'memory_efficient_linear',
        'use_multi_rank_bucket_allreduce',
        'grad_hooks',
        'log_trace_cache_warnings',
      ),
    },
  }
}

function stageOf(field: FieldValue): 'none' | 'zero1' | 'zero2' | 'zero3' {
  const stages = ['none', 'zero1', 'zero2', 'zero3'] as const
  const stage = typeof field.value === 'number' ? stages[field.value] : undefined
  if (!stage) throw field.refuse('give a stage from 0 to 3')
  return stage
}

function readOptimizer(draft: FragmentDraft, field: FieldValue, file: string): void {
  let type: 'adam' | 'adamw-fused' | 'lion' | 'sgd' | null = null
  let momentum = 0
  applyRules(
    field.value,
    {
      fields: {
        type: (value) => {
          // DeepSpeed's own Adam is fused, and decoupled (AdamW) unless told otherwise.
          type = value.choice({
            adam: 'adamw-fused',
            adamw: 'adamw-fused',
            fusedadam: 'adamw-fused',
            lion: 'lion',
            fusedlion: 'lion',
            sgd: 'sgd',
          } as const)
        },
        params: (value) =>
          applyRules(
            value.value,
            {
              fields: {
                momentum: (item) => {
                  momentum = item.fraction()
                },
                ...all(
                  'noEffect',
                  'lr',
                  'betas',
                  'eps',
                  'weight_decay',
                  'adam_w_mode',
                  'bias_correction',
                  'nesterov',
                  'torch_adam',
                  'dampening',
                ),
              },
            },
            file,
            value.path,
          ),
        legacy_fusion: 'noEffect',
      },
    },
    file,
    field.path,
  )
  if (type !== null) draft.job.optimizer = type === 'sgd' && momentum > 0 ? 'momentum' : type
}

function activationRules(draft: FragmentDraft): FieldRules {
  return {
    fields: {
      cpu_checkpointing: (field) => {
        if (field.flag()) draft.job.checkpointing = 'offload'
      },
      partition_activations: 'mustBeUnset',
      contiguous_memory_optimization: 'mustBeUnset',
      ...all('noEffect', 'number_checkpoints', 'synchronize_checkpoint_boundary', 'profile'),
    },
  }
}

function enabledOf(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'enabled' in value && value.enabled === true
}
