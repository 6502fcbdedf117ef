import * as z from 'zod'
import { executionProviders } from '../device'
import { DecoderModel } from './decoderModel'

export const StepMode = z.enum(['infer', 'train'])
export type StepMode = z.infer<typeof StepMode>

export const PrecisionName = z.enum(['fp32', 'fp16', 'bf16', 'int8'])

/** Networks for handwritten digits, with trained weights. */
export const imagePresetNames = ['digits-mlp', 'digits-cnn'] as const
export const ImagePresetName = z.enum(imagePresetNames)
export type ImagePresetName = z.infer<typeof ImagePresetName>

/** Decoders for text, byte by byte: textPresets.ts. */
export const textPresetNames = ['gpt-nano', 'gpt-mini', 'gpt-small'] as const
export const TextPresetName = z.enum(textPresetNames)
export type TextPresetName = z.infer<typeof TextPresetName>

/** Networks that come with the application. */
export const presetNames = [...imagePresetNames, ...textPresetNames] as const
export const PresetName = z.enum(presetNames)
export type PresetName = z.infer<typeof PresetName>

export const OptimizerName = z.enum(['sgd', 'momentum', 'adam', 'adamw'])
export type OptimizerName = z.infer<typeof OptimizerName>

/** Optimizers of a workload: `adamw-8bit` keeps its two moments in 8 bits, block by block. */
export const optimizerNames = [...OptimizerName.options, 'adamw-8bit'] as const
export const WorkloadOptimizer = z.enum(optimizerNames)
export type WorkloadOptimizer = z.infer<typeof WorkloadOptimizer>

/**
 * Which weights are trained: all of them; low-rank adapters beside frozen ones; or beside frozen ones
 * stored block by block, in 4 bits (`qlora`) or in 8 (`qlora-8bit`).
 */
export const methodNames = ['full', 'lora', 'qlora', 'qlora-8bit'] as const
export const MethodName = z.enum(methodNames)
export type MethodName = z.infer<typeof MethodName>

/** How long is measured, and what may be said afterwards: docs/measuring.md. */
export const ProfileName = z.enum(['quick', 'standard', 'audit'])
export type ProfileName = z.infer<typeof ProfileName>

/** Larger batches than the data set has images would repeat them within one step. */
export const maxBatchSize = 1024
/** Longer texts than the validation split are not validated. */
const maxSequenceLength = 32_768
const maxTrainingSteps = 100_000
const maxAdapterRank = 1024
const maxAccumulationSteps = 1024
export const checkpointings = ['none', 'layer'] as const

/** What a person asks to be run. */
export const Workload = z.strictObject({
  /** null where `model` says what is run. */
  preset: PresetName.nullable(),
  /** Somebody's own decoder; null with a preset. */
  model: DecoderModel.nullable(),
  modes: z.array(StepMode).min(1),
  precisions: z.array(PrecisionName).min(1),
  batchSize: z.int().min(1).max(maxBatchSize),
  /** Tokens of each sample; null: the preset's own number, or a network that takes no tokens. */
  sequenceLength: z.int().min(1).max(maxSequenceLength).nullable(),
  /** Optimizer steps on text; null: the preset's own number. Images are trained by epochs. */
  trainingSteps: z.int().min(1).max(maxTrainingSteps).nullable(),
  /** The highest of the schedule; null: what is usual for the network and the optimizer. */
  learningRate: z.number().positive().nullable(),
  provider: z.enum(['auto', ...executionProviders]),
  /** Each trains once, from the same weights over the same batches. */
  optimizers: z.array(WorkloadOptimizer).min(1),
  /** Those of training; each trains once with every optimizer. */
  methods: z.array(MethodName).min(1),
  /** Rank of the adapters, whatever method trains them. */
  adapterRank: z.int().min(1).max(maxAdapterRank),
  /** Micro-batches whose gradients make one optimizer step. */
  gradientAccumulationSteps: z.int().min(1).max(maxAccumulationSteps),
  /** `layer`: each keeps only its input and computes the rest again for the backward pass. */
  checkpointing: z.enum(checkpointings),
  profile: ProfileName,
  seed: z
    .int()
    .min(0)
    .max(2 ** 31 - 1),
})
export type Workload = z.infer<typeof Workload>

export const defaultWorkload: Workload = {
  preset: 'digits-mlp',
  model: null,
  modes: ['infer', 'train'],
  precisions: ['fp32', 'fp16', 'int8'],
  batchSize: 64,
  sequenceLength: null,
  trainingSteps: null,
  learningRate: null,
  provider: 'auto',
  optimizers: ['adamw'],
  methods: ['full'],
  adapterRank: 8,
  gradientAccumulationSteps: 1,
  checkpointing: 'none',
  profile: 'quick',
  seed: 0,
}
