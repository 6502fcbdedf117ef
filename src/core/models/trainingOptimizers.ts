import type { TrainJobFields } from './trainingFields'

type Optimizer = NonNullable<TrainJobFields['optimizer']>

/**
 * Hugging Face's `optim` names (also axolotl's). torch.optim.AdamW without `fused` takes the foreach
 * path on CUDA. Names that keep other states (Galore, Apollo, Muon, 8-bit Lion) are not modelled.
 */
export const huggingFaceOptimizers: Readonly<Record<string, Optimizer>> = {
  adamw_torch: 'adamw-foreach',
  adamw_torch_fused: 'adamw-fused',
  adamw_hf: 'adamw-foreach',
  adamw_8bit: 'adamw-8bit',
  adamw_bnb_8bit: 'adamw-8bit',
  paged_adamw_8bit: 'paged-adamw-8bit',
  adafactor: 'adafactor',
  lion_32bit: 'lion',
  lion_pytorch: 'lion',
  sgd: 'sgd',
}
