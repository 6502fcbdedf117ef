import { InputError } from '../errors'
import { gptDecoder } from '../onnx/networks/gptDecoder'
import type { Network } from '../onnx/networks/network'
import { presetNetwork } from '../onnx/networks/presets'
import { textPresets } from './textPresets'
import { isTextPreset, type Workload } from './workload'

/**
 * The workload with every number that it left to its preset.
 * Throws InputError where it gives images a sequence length or a count of steps.
 */
export function resolveWorkload(workload: Workload): Workload {
  const { preset, sequenceLength, trainingSteps } = workload
  if (isTextPreset(preset)) {
    const usual = textPresets[preset]
    return {
      ...workload,
      sequenceLength: sequenceLength ?? usual.sequenceLength,
      trainingSteps: trainingSteps ?? usual.trainingSteps,
    }
  }
  if (sequenceLength !== null) {
    refuse('sequenceLength', `${preset} takes images, not tokens: leave it out, or choose a gpt`)
  }
  if (trainingSteps !== null) {
    refuse('trainingSteps', `${preset} is trained by epochs: leave it out, or choose a gpt`)
  }
  return workload
}

/** Samples of a step where nobody says otherwise. */
export function usualBatchSize(preset: Workload['preset']): number {
  return isTextPreset(preset) ? textPresets[preset].batchSize : 64
}

/**
 * The network of a resolved workload.
 * Throws InputError where its sequence is longer than the network has positions.
 */
export function workloadNetwork({
  preset,
  sequenceLength,
}: Pick<Workload, 'preset' | 'sequenceLength'>): Network {
  if (!isTextPreset(preset)) return presetNetwork(preset)
  const usual = textPresets[preset]
  return gptDecoder(usual.config, sequenceLength ?? usual.sequenceLength)
}

function refuse(path: string, message: string): never {
  throw new InputError({ code: 'INVALID_VALUE', path, message })
}
