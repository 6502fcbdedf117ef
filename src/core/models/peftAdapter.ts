import { all, applyRules, FragmentDraft, type JobFragment } from './trainingFields'

/**
 * PEFT's adapter_config.json as the method of a training job. LoRA is what is modelled; every other
 * adapter, and LoRA's variants that keep other tensors (DoRA, per-layer ranks), are refused by name.
 */

const headOfTask = {
  causal_lm: 'causalLm',
  seq_2_seq_lm: 'seq2seq',
  seq_cls: 'sequenceClassification',
} as const

/** Throws InputError that names the field that cannot be mapped. */
export function peftAdapterJob(config: unknown, file = 'adapter_config.json'): JobFragment {
  const draft = new FragmentDraft()
  let targets: 'all-linear' | string[] | null = null
  let rank = 8 // PEFT's default
  let dropout = 0
  let modulesToSave: string[] = []
  applyRules(
    config,
    {
      fields: {
        peft_type: (field) => {
          if (field.text() !== 'LORA') throw field.refuse('only LORA adapters are modelled')
        },
        task_type: (field) => {
          if (field.value !== null) draft.job.head = field.choice(headOfTask)
        },
        base_model_name_or_path: (field) => {
          if (field.value !== null) draft.baseModel = field.text()
        },
        r: (field) => {
          rank = field.count()
        },
        lora_dropout: (field) => {
          dropout = field.fraction()
        },
        target_modules: (field) => {
          if (field.value === 'all-linear') targets = 'all-linear'
          else if (typeof field.value === 'string') {
            throw field.refuse('is a pattern; list the names of the modules instead')
          } else if (field.value !== null) targets = field.texts()
        },
        modules_to_save: (field) => {
          if (!field.isUnset) modulesToSave = field.texts()
        },
        bias: (field) => {
          if (field.value !== 'none')
            throw field.refuse('training biases is not modelled; use none')
        },
        ...all(
          'mustBeUnset',
          'use_dora',
          'use_qalora',
          'lora_bias',
          'exclude_modules',
          'layers_to_transform',
          'layer_replication',
          'rank_pattern',
          'megatron_config',
          'trainable_token_indices',
          'target_parameters',
          'arrow_config',
          'alora_invocation_tokens',
        ),
        ...all(
          'noEffect',
          'alpha_pattern',
          'auto_mapping',
          'corda_config',
          'ensure_weight_tying',
          'eva_config',
          'fan_in_fan_out',
          'inference_mode',
          'init_lora_weights',
          'layers_pattern',
          'loftq_config',
          'lora_alpha',
          'megatron_core',
          'peft_version',
          'qalora_group_size',
          'revision',
          'runtime_config',
          'use_rslora',
        ),
      },
    },
    file,
  )
  if (targets === null) {
    targets = 'all-linear'
    draft.assumptions.push(
      'target_modules is not in the adapter: every linear layer but the head is taken',
    )
  }
  draft.job.task = 'train'
  draft.job.method = { type: 'lora', rank, targets, dropout, modulesToSave }
  return draft.finish()
}
