import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseJob } from '../estimate/job'
import { InputError } from '../errors'
import { axolotlJob } from './axolotlYaml'
import { deepspeedJob } from './deepspeedConfig'
import { peftAdapterJob } from './peftAdapter'
import { trainingArgumentsJob } from './trainingArguments'
import type { JobFragment } from './trainingFields'

/** Every fragment must complete to a valid job once the model is given. */
function completes({ job }: JobFragment): void {
  expect(() => parseJob({ ...job, model: { name: 'any' } })).not.toThrow()
}

// As PEFT 0.18 writes it for a Llama adapter.
const adapter = {
  alpha_pattern: {},
  auto_mapping: null,
  base_model_name_or_path: 'meta-llama/Llama-3.1-8B',
  bias: 'none',
  corda_config: null,
  eva_config: null,
  exclude_modules: null,
  fan_in_fan_out: false,
  inference_mode: true,
  init_lora_weights: true,
  layer_replication: null,
  layers_pattern: null,
  layers_to_transform: null,
  loftq_config: {},
  lora_alpha: 32,
  lora_bias: false,
  lora_dropout: 0.05,
  megatron_config: null,
  megatron_core: 'megatron.core',
  modules_to_save: ['lm_head'],
  peft_type: 'LORA',
  r: 16,
  rank_pattern: {},
  revision: null,
  target_modules: ['q_proj', 'v_proj'],
  task_type: 'CAUSAL_LM',
  use_dora: false,
  use_rslora: false,
}

describe('peftAdapterJob', () => {
  it('maps an adapter_config.json to the LoRA method', () => {
    const fragment = peftAdapterJob(adapter)
    expect(fragment.job).toEqual({
      task: 'train',
      head: 'causalLm',
      method: {
        type: 'lora',
        rank: 16,
        targets: ['q_proj', 'v_proj'],
        dropout: 0.05,
        modulesToSave: ['lm_head'],
      },
    })
    expect(fragment.baseModel).toBe('meta-llama/Llama-3.1-8B')
    completes(fragment)
  })

  it('says that it takes every linear layer where the targets are left to PEFT', () => {
    const fragment = peftAdapterJob({ ...adapter, target_modules: null })
    expect(fragment.job.method).toMatchObject({ targets: 'all-linear' })
    expect(fragment.assumptions).toHaveLength(1)
  })

  it.each([
    [{ peft_type: 'IA3' }, 'peft_type'],
    [{ use_dora: true }, 'use_dora'],
    [{ rank_pattern: { q_proj: 4 } }, 'rank_pattern'],
    [{ bias: 'all' }, 'bias'],
    [{ target_modules: '.*proj' }, 'target_modules'],
    [{ r: 0 }, 'r'],
    [{ lora_dropout: 'high' }, 'lora_dropout'],
    [{ task_type: 'TOKEN_CLS' }, 'task_type'],
    [{ invented: 1 }, 'invented'],
  ])('refuses %j by name', (change, path) => {
    expect(() => peftAdapterJob({ ...adapter, ...change })).toThrow(
      expect.objectContaining({ path, file: 'adapter_config.json' }),
    )
  })
})

// The shape of the Hugging Face documentation's ZeRO-3 example with CPU offload.
const zero3 = {
  bf16: { enabled: 'auto' },
  fp16: {
    enabled: true,
    loss_scale: 0,
    loss_scale_window: 1000,
    initial_scale_power: 16,
    hysteresis: 2,
    min_loss_scale: 1,
  },
  optimizer: {
    type: 'AdamW',
    params: { lr: 'auto', betas: 'auto', eps: 'auto', weight_decay: 'auto' },
  },
  scheduler: { type: 'WarmupLR', params: { warmup_num_steps: 'auto' } },
  zero_optimization: {
    stage: 3,
    offload_optimizer: { device: 'cpu', pin_memory: true },
    offload_param: { device: 'cpu', pin_memory: true },
    overlap_comm: true,
    contiguous_gradients: true,
    sub_group_size: 1e9,
    reduce_bucket_size: 'auto',
    stage3_prefetch_bucket_size: 5e8,
    stage3_param_persistence_threshold: 'auto',
    stage3_max_live_parameters: 1e9,
    stage3_max_reuse_distance: 1e9,
    stage3_gather_16bit_weights_on_model_save: true,
  },
  gradient_accumulation_steps: 4,
  gradient_clipping: 'auto',
  steps_per_print: 2000,
  train_batch_size: 'auto',
  train_micro_batch_size_per_gpu: 2,
  wall_clock_breakdown: false,
}

describe('deepspeedJob', () => {
  it('maps stage, offload, precision with fp32 masters, batch and optimizer', () => {
    const fragment = deepspeedJob(zero3)
    expect(fragment.job).toEqual({
      task: 'train',
      precision: 'fp16',
      masterWeights: 'fp32',
      optimizerStatePrecision: 'fp32',
      sharding: 'zero3',
      offload: 'all',
      optimizer: 'adamw-fused',
      batchSize: 2,
      gradientAccumulationSteps: 4,
    })
    expect(fragment.assumptions).toEqual([
      'zero_optimization.stage3_prefetch_bucket_size: communication buffers are not counted',
    ])
    completes(fragment)
  })

  it('tells SGD with momentum from SGD', () => {
    const sgd = (momentum: number) =>
      deepspeedJob({ optimizer: { type: 'SGD', params: { lr: 0.1, momentum } } }).job.optimizer
    expect([sgd(0), sgd(0.9)]).toEqual(['sgd', 'momentum'])
  })

  it.each([
    [{ zero_optimization: { stage: 4 } }, 'zero_optimization.stage'],
    [
      { zero_optimization: { stage: 2, offload_param: { device: 'cpu' } } },
      'zero_optimization.offload_param',
    ],
    [
      { zero_optimization: { stage: 3, offload_param: { device: 'tape' } } },
      'zero_optimization.offload_param.device',
    ],
    [
      { zero_optimization: { zero_quantized_weights: true } },
      'zero_optimization.zero_quantized_weights',
    ],
    [{ zero_optimization: [] }, 'zero_optimization'],
    [{ optimizer: { type: 'OneBitAdam' } }, 'optimizer.type'],
    [{ amp: { enabled: true } }, 'amp'],
    [{ compression_training: { x: 1 } }, 'compression_training'],
    [{ train_micro_batch_size_per_gpu: -1 }, 'train_micro_batch_size_per_gpu'],
    [{ invented: 1 }, 'invented'],
  ])('refuses %j by name', (config, path) => {
    expect(() => deepspeedJob(config)).toThrow(expect.objectContaining({ path }))
  })
})

// The fields that axolotl's QLoRA example for Llama 3 sets.
const axolotl = `
base_model: NousResearch/Meta-Llama-3-8B
model_type: AutoModelForCausalLM
tokenizer_type: AutoTokenizer
load_in_8bit: false
load_in_4bit: true
strict: false
datasets:
  - path: aaditya/alpaca_subset_1
    type: alpaca
dataset_prepared_path:
val_set_size: 0
output_dir: ./outputs/out
adapter: qlora
lora_model_dir:
sequence_len: 4096
sample_packing: true
pad_to_sequence_len: true
lora_r: 32
lora_alpha: 16
lora_dropout: 0.05
lora_target_modules:
lora_target_linear: true
wandb_project:
gradient_accumulation_steps: 4
micro_batch_size: 2
num_epochs: 4
optimizer: paged_adamw_8bit
lr_scheduler: cosine
learning_rate: 0.0002
bf16: auto
tf32: false
gradient_checkpointing: true
flash_attention: true
warmup_steps: 10
weight_decay: 0.0
fsdp:
fsdp_config:
special_tokens:
  pad_token: <|end_of_text|>
`

describe('axolotlJob', () => {
  it('maps a QLoRA configuration', () => {
    const fragment = axolotlJob(axolotl)
    expect(fragment.job).toEqual({
      task: 'train',
      precision: 'bf16',
      quantization: { scheme: 'nf4', bits: 4, doubleQuant: true },
      method: { type: 'qlora', rank: 32, dropout: 0.05, targets: 'all-linear', modulesToSave: [] },
      optimizer: 'paged-adamw-8bit',
      batchSize: 2,
      sequenceLength: 4096,
      gradientAccumulationSteps: 4,
      checkpointing: 'layer',
      attention: 'flash',
    })
    expect(fragment.baseModel).toBe('NousResearch/Meta-Llama-3-8B')
    completes(fragment)
  })

  it('maps full fine-tuning under FSDP and a chunked loss', () => {
    const { job } = axolotlJob(
      'base_model: x\nbf16: true\noptimizer: adamw_torch_fused\nmicro_batch_size: 1\nsequence_len: 8192\nfsdp: [full_shard, auto_wrap]\nfsdp_config:\n  fsdp_offload_params: true\n  fsdp_state_dict_type: FULL_STATE_DICT\nliger_fused_linear_cross_entropy: true\n',
    )
    expect(job).toMatchObject({
      sharding: 'zero3',
      offload: 'all',
      loss: 'chunked',
      precision: 'bf16',
    })
  })

  it.each([
    ['rl: dpo', 'rl'],
    ['tensor_parallel_size: 2', 'tensor_parallel_size'],
    ['optimizer: muon', 'optimizer'],
    ['adapter: llama-adapter', 'adapter'],
    ['adapter: lora', 'lora_target_modules'],
    ['load_in_4bit: true', 'adapter'],
    ['deepspeed: my.json', 'deepspeed'],
    ['invented: 1', 'invented'],
    ['micro_batch_size: 1\nmicro_batch_size: 2', 'line 2'],
    ['a: [', 'line 1'],
  ])('refuses "%s" by name', (yaml, path) => {
    expect(() => axolotlJob(yaml)).toThrow(expect.objectContaining({ path }))
  })

  it('refuses a billion laughs', () => {
    const levels = Array.from({ length: 12 }, (_, level) =>
      level === 0 ? 'a0: &a0 [x]' : `a${level}: &a${level} [${`*a${level - 1},`.repeat(9)}]`,
    )
    expect(() => axolotlJob(levels.join('\n'))).toThrow(InputError)
  })

  it('answers any text with a job or an InputError', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 200 }), (text) => {
        try {
          axolotlJob(text)
          return true
        } catch (error) {
          return error instanceof InputError
        }
      }),
      { numRuns: 500, seed: 1 },
    )
  })
})

// Part of what TrainingArguments.to_json_string() writes in transformers 4.57.
const args = {
  output_dir: 'out',
  overwrite_output_dir: false,
  do_train: false,
  per_device_train_batch_size: 8,
  per_device_eval_batch_size: 8,
  gradient_accumulation_steps: 2,
  learning_rate: 5e-5,
  adam_beta1: 0.9,
  max_grad_norm: 1,
  lr_scheduler_type: 'linear',
  bf16: true,
  fp16: false,
  optim: 'adamw_torch_fused',
  gradient_checkpointing: true,
  gradient_checkpointing_kwargs: null,
  label_smoothing_factor: 0,
  torch_compile: false,
  fsdp: [],
  fsdp_config: { min_num_params: 0, xla: false },
  deepspeed: null,
  hub_model_id: null,
  report_to: ['wandb'],
  parallelism_config: null,
  seed: 42,
}

describe('trainingArgumentsJob', () => {
  it('maps batch, autocast, optimizer and checkpointing, and says what the weights are taken for', () => {
    const fragment = trainingArgumentsJob(args)
    expect(fragment.job).toEqual({
      task: 'train',
      precision: 'amp-bf16',
      batchSize: 8,
      gradientAccumulationSteps: 2,
      optimizer: 'adamw-fused',
      checkpointing: 'layer',
    })
    expect(fragment.implied.get('precision')).toMatch(/fp32 weights under bf16 autocast/)
    completes(fragment)
  })

  it('takes an inline DeepSpeed configuration over', () => {
    const without = { ...args, bf16: false, deepspeed: zero3 }
    const agreed = { per_device_train_batch_size: 2, gradient_accumulation_steps: 4 }
    const { job } = trainingArgumentsJob({ ...without, ...agreed })
    expect(job).toMatchObject({ sharding: 'zero3', offload: 'all', precision: 'fp16' })
    // Transformers refuses such a mismatch, too.
    expect(() => trainingArgumentsJob(without)).toThrow(
      'contradicts 2 in TrainingArguments; make them equal or leave one out',
    )
  })

  it.each([
    [{ fsdp: 'full_shard auto_wrap offload' }, { sharding: 'zero3', offload: 'all' }],
    [{ fsdp: ['shard_grad_op'] }, { sharding: 'zero2' }],
    [{ max_length: 2048 }, { sequenceLength: 2048 }],
    [{ use_liger_kernel: true }, { loss: 'chunked' }],
    [{ activation_offloading: true }, { checkpointing: 'offload' }],
    [{ bf16: false }, { precision: 'fp32' }],
  ])('maps %j', (change, expected) => {
    expect(trainingArgumentsJob({ ...args, ...change }).job).toMatchObject(expected)
  })

  it.each([
    [{ optim: 'galore_adamw' }, 'optim'],
    [{ torch_compile: true }, 'torch_compile'],
    [{ fp16: true }, 'fp16'],
    [{ deepspeed: 'ds.json' }, 'deepspeed'],
    [{ fsdp: 'hybrid_shard' }, 'fsdp'],
    [{ label_smoothing_factor: 0.1 }, 'label_smoothing_factor'],
    [{ per_device_train_batch_size: 0.5 }, 'per_device_train_batch_size'],
    [{ invented: 1 }, 'invented'],
  ])('refuses %j by name', (change, path) => {
    expect(() => trainingArgumentsJob({ ...args, ...change })).toThrow(
      expect.objectContaining({ path }),
    )
  })

  it.each([null, [], 3, 'x'])('refuses %j for a configuration', (value) => {
    expect(() => trainingArgumentsJob(value)).toThrow(InputError)
    expect(() => deepspeedJob(value)).toThrow(InputError)
    expect(() => peftAdapterJob(value)).toThrow(InputError)
  })
})
