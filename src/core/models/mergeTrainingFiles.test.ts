import { describe, expect, it } from 'vitest'
import { axolotlJob } from './axolotlYaml'
import { deepspeedJob } from './deepspeedConfig'
import { mergeTrainingFiles, type TrainingFile } from './mergeTrainingFiles'
import { peftAdapterJob } from './peftAdapter'
import { trainingArgumentsJob } from './trainingArguments'

const args = (fields: object): TrainingFile => ({
  kind: 'trainingArguments',
  file: 'args.json',
  fragment: trainingArgumentsJob(fields, 'args.json'),
})
const deepspeed = (fields: object): TrainingFile => ({
  kind: 'deepspeed',
  file: 'ds.json',
  fragment: deepspeedJob(fields, 'ds.json'),
})
const adapter = (fields: object): TrainingFile => ({
  kind: 'peft',
  file: 'adapter_config.json',
  fragment: peftAdapterJob({ peft_type: 'LORA', target_modules: 'all-linear', ...fields }),
})

describe('mergeTrainingFiles', () => {
  it('joins an adapter, the arguments and a DeepSpeed configuration into one job', () => {
    const { job, baseModel, implied } = mergeTrainingFiles([
      adapter({ r: 32, base_model_name_or_path: 'Qwen/Qwen3-8B' }),
      args({ per_device_train_batch_size: 4, bf16: true, gradient_checkpointing: true }),
      deepspeed({ bf16: { enabled: true }, zero_optimization: { stage: 2 } }),
    ])
    expect(job).toMatchObject({
      task: 'train',
      batchSize: 4,
      checkpointing: 'layer',
      sharding: 'zero2',
      // DeepSpeed casts the weights itself: no autocast over fp32.
      precision: 'bf16',
      masterWeights: 'fp32',
    })
    expect(job.method).toMatchObject({ type: 'lora', rank: 32 })
    expect(baseModel).toBe('Qwen/Qwen3-8B')
    expect(implied.size).toBe(0)
  })

  it('tells what the arguments leave open where no other file says it', () => {
    const { implied } = mergeTrainingFiles([args({ bf16: true })])
    expect(implied.get('precision')).toMatch(/fp32 weights under bf16 autocast/)
  })

  it('takes DeepSpeed’s optimizer, and says so', () => {
    const files = [args({ optim: 'adamw_torch' }), deepspeed({ optimizer: { type: 'SGD' } })]
    for (const order of [files, files.toReversed()]) {
      const { job, assumptions } = mergeTrainingFiles(order)
      expect(job.optimizer).toBe('sgd')
      expect(assumptions.join()).toMatch(/sgd of ds\.json replaces adamw-foreach of args\.json/)
    }
  })

  it.each([
    [
      'two batch sizes',
      [args({ per_device_train_batch_size: 4 }), deepspeed({ train_micro_batch_size_per_gpu: 8 })],
      /^8 contradicts 4 in args\.json/,
      'batchSize',
    ],
    [
      'bf16 in one and fp16 in the other',
      [args({ bf16: true }), deepspeed({ fp16: { enabled: true } })],
      /^"fp16" contradicts "amp-bf16" in args\.json/,
      'precision',
    ],
    [
      'two ranks',
      [adapter({ r: 8 }), adapter({ r: 16 })],
      /"rank":16.* contradicts .*"rank":8/,
      'method',
    ],
    [
      'two base models',
      [
        adapter({ base_model_name_or_path: 'a' }),
        {
          kind: 'axolotl',
          file: 'train.yml',
          fragment: axolotlJob('base_model: b\nmicro_batch_size: 1'),
        },
      ],
      /^"b" contradicts "a" in adapter_config\.json/,
      'base model',
    ],
  ] as const)('refuses %s', (_what, files, message, path) => {
    expect(() => mergeTrainingFiles(files)).toThrow(
      expect.objectContaining({ path, message: expect.stringMatching(message) as string }),
    )
  })
})
