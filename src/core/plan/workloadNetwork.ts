import { InputError } from '../errors'
import type { GptConfig } from '../onnx/networks/gptConfig'
import { gptDecoder } from '../onnx/networks/gptDecoder'
import type { Network } from '../onnx/networks/network'
import { presetNetwork } from '../onnx/networks/presets'
import { type TextPreset, textPresets } from './textPresets'
import { type ImagePresetName, textPresetNames, type Workload } from './workload'

type Chosen = Pick<Workload, 'preset' | 'model'>

/** What a workload runs: a network for images, or a decoder for text with its usual numbers. */
export type ChosenNetwork =
  | { readonly type: 'images'; readonly preset: ImagePresetName }
  | ({ readonly type: 'text' } & TextPreset)

/** What a decoder of somebody's own is run with where nobody says otherwise. */
const usualOfModels = { batchSize: 1, sequenceLength: 128, trainingSteps: 20 } as const

/** Throws InputError where a workload names no network, or two. */
export function chosenNetwork({ preset, model }: Chosen): ChosenNetwork {
  if (model !== null) {
    if (preset !== null) refuse('preset', `${preset} and a model exclude each other`)
    const { config } = model
    const sequenceLength = Math.min(usualOfModels.sequenceLength, config.maxPositionEmbeddings)
    return { type: 'text', ...usualOfModels, sequenceLength, config }
  }
  if (preset === null) refuse('preset', 'name a preset or a model')
  const text = textPresetNames.find((name) => name === preset)
  if (text !== undefined) return { type: 'text', ...textPresets[text] }
  return { type: 'images', preset: preset as ImagePresetName }
}

/**
 * The workload with every number that it left to its network.
 * Throws InputError where it gives images a sequence length or a count of steps.
 */
export function resolveWorkload(workload: Workload): Workload {
  const { sequenceLength, trainingSteps } = workload
  const chosen = chosenNetwork(workload)
  if (chosen.type === 'text') {
    return {
      ...workload,
      sequenceLength: sequenceLength ?? chosen.sequenceLength,
      trainingSteps: trainingSteps ?? chosen.trainingSteps,
    }
  }
  if (sequenceLength !== null) {
    refuse('sequenceLength', `${chosen.preset} takes images, not tokens: leave it out`)
  }
  if (workload.gradientAccumulationSteps > 1) {
    refuse('gradientAccumulationSteps', `${chosen.preset} is not trained in micro-batches`)
  }
  if (workload.checkpointing !== 'none') {
    refuse('checkpointing', `${chosen.preset} has no layers that could be computed again`)
  }
  if (trainingSteps !== null) {
    refuse('trainingSteps', `${chosen.preset} is trained by epochs: leave it out`)
  }
  return workload
}

/** Samples of a step where nobody says otherwise. */
export function usualBatchSize(workload: Chosen): number {
  const chosen = chosenNetwork(workload)
  return chosen.type === 'text' ? chosen.batchSize : 64
}

/** The decoder of a workload on text; null of one on images. */
export function workloadDecoder(workload: Chosen): GptConfig | null {
  const chosen = chosenNetwork(workload)
  return chosen.type === 'text' ? chosen.config : null
}

/**
 * The network of a resolved workload.
 * Throws InputError where its sequence is longer than the network has positions.
 */
export function workloadNetwork(workload: Chosen & Pick<Workload, 'sequenceLength'>): Network {
  const chosen = chosenNetwork(workload)
  if (chosen.type === 'images') return presetNetwork(chosen.preset)
  return gptDecoder(chosen.config, workload.sequenceLength ?? chosen.sequenceLength)
}

function refuse(path: string, message: string): never {
  throw new InputError({ code: 'INVALID_VALUE', path, message })
}
