import type { Job } from './job'

export interface PrecisionWidths {
  /** Bytes per element of weights that are not quantized, and of what operators make of them. */
  readonly weight: number
  /** Bytes per element of autocast's compute type; null without autocast. */
  readonly autocast: number | null
}

const fp32 = 4
const half = 2

/** Bytes per element under a training or inference precision. */
export function precisionWidths(precision: Job['precision']): PrecisionWidths {
  switch (precision) {
    case 'fp32':
      return { weight: fp32, autocast: null }
    case 'fp16':
    case 'bf16':
      return { weight: half, autocast: null }
    case 'amp-fp16':
    case 'amp-bf16':
      return { weight: fp32, autocast: half }
    case 'int8':
      return { weight: 1, autocast: null }
  }
}
