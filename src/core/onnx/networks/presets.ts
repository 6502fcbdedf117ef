import type { ImagePresetName } from '../../plan/workload'
import { digitsCnn } from './digitsCnn'
import { digitsMlp } from './digitsMlp'
import type { Network } from './network'

const presets: Readonly<Record<ImagePresetName, Network>> = {
  'digits-mlp': digitsMlp,
  'digits-cnn': digitsCnn,
}

/** The network that comes with the application under this name. */
export function presetNetwork(name: ImagePresetName): Network {
  return presets[name]
}
