import type { PresetName } from '../../plan/workload'
import { digitsCnn } from './digitsCnn'
import { digitsMlp } from './digitsMlp'
import type { Network } from './network'

const presets: Readonly<Record<PresetName, Network>> = {
  'digits-mlp': digitsMlp,
  'digits-cnn': digitsCnn,
}

/** The network that comes with the application under this name. */
export function presetNetwork(name: PresetName): Network {
  return presets[name]
}
