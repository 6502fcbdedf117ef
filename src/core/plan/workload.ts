import * as z from 'zod'
import { executionProviders } from '../device'

export const StepMode = z.enum(['infer', 'train'])
export type StepMode = z.infer<typeof StepMode>

export const PrecisionName = z.enum(['fp32', 'fp16', 'bf16', 'int8'])

/** Networks that come with the application. */
export const presetNames = ['digits-mlp', 'digits-cnn'] as const
export const PresetName = z.enum(presetNames)
export type PresetName = z.infer<typeof PresetName>

export const OptimizerName = z.enum(['sgd', 'momentum', 'adam', 'adamw'])
export type OptimizerName = z.infer<typeof OptimizerName>

/** How long is measured, and what may be said afterwards: docs/measuring.md. */
export const ProfileName = z.enum(['quick', 'standard', 'audit'])
export type ProfileName = z.infer<typeof ProfileName>

/** Larger batches than the data set has images would repeat them within one step. */
const maxBatchSize = 1024

/** What a person asks to be run. */
export const Workload = z.strictObject({
  preset: PresetName,
  modes: z.array(StepMode).min(1),
  precisions: z.array(PrecisionName).min(1),
  batchSize: z.int().min(1).max(maxBatchSize),
  provider: z.enum(['auto', ...executionProviders]),
  optimizer: OptimizerName,
  profile: ProfileName,
  seed: z
    .int()
    .min(0)
    .max(2 ** 31 - 1),
})
export type Workload = z.infer<typeof Workload>

export const defaultWorkload: Workload = {
  preset: 'digits-mlp',
  modes: ['infer', 'train'],
  precisions: ['fp32', 'fp16', 'int8'],
  batchSize: 64,
  provider: 'auto',
  optimizer: 'adamw',
  profile: 'quick',
  seed: 0,
}
