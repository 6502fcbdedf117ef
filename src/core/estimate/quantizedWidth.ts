import { InputError } from '../errors'
import type { JobQuantization } from './job'

/**
 * Bytes that one element of a quantized matrix takes, its scales and zero points with it. `rowSize`
 * is the number of inputs, `rowCount` that of outputs.
 */
export function quantizedBytesPerElement(q: JobQuantization, rowSize: number, rowCount: number) {
  switch (q.scheme) {
    case 'bnb-int8':
      // One byte each and a fp32 scale per output (Dettmers et al. 2022, LLM.int8()).
      return 1 + fp32 / rowSize
    case 'nf4':
    case 'fp4':
      return 0.5 + blockScaleBytes(q.doubleQuant) / bnbBlockSize
    case 'gptq':
      // Packed values, fp16 scales and packed zeros per group, and an int32 group index per input.
      return groupedBytes(q, rowSize) + fp32 / rowCount
    case 'awq':
      return groupedBytes(q, rowSize)
    case 'fp8':
      // One fp32 scale per block of 128 × 128 (DeepSeek-V3, §3.3).
      return 1 + fp32 / (128 * 128)
    case 'gguf':
      // A file that was read tells its own bits; a job tells the name of a mixture.
      return (q.ggufType === null && q.bits !== null ? q.bits : ggufBitsPerWeight(q)) / 8
  }
}

const fp32 = 4
const fp16 = 2
/** bitsandbytes stores one absolute maximum per 64 values. */
const bnbBlockSize = 64
/** Double quantization: maxima in 8 bits, with a fp32 scale per 256 of them (QLoRA, §3). */
const nestedBlockSize = 256

function blockScaleBytes(isDouble: boolean): number {
  return isDouble ? 1 + fp32 / nestedBlockSize : fp32
}

function groupedBytes({ bits, groupSize }: JobQuantization, rowSize: number): number {
  const value = (bits ?? 4) / 8
  const group = groupSize === null ? 128 : groupSize <= 0 ? rowSize : groupSize
  return value + (fp16 + value) / group
}

/**
 * Bits per weight over all matrices of a model: of llama.cpp's mixtures as it prints them for
 * Llama-3.1-8B (tools/quantize/README.md; Q3_K_M: for Llama-2-7B, an earlier edition of it), of
 * Q4_0 to Q5_1 as their blocks give it (ggml-common.h).
 */
const ggufBits: Readonly<Record<string, number>> = {
  F32: 32,
  F16: 16,
  BF16: 16,
  Q8_0: 8.5008,
  Q6_K: 6.5633,
  Q5_1: 6,
  Q5_0: 5.5,
  Q5_K_M: 5.7036,
  Q5_K_S: 5.5704,
  Q4_1: 5,
  Q4_0: 4.5,
  Q4_K_M: 4.8944,
  Q4_K_S: 4.6672,
  Q3_K_L: 4.2979,
  Q3_K_M: 3.91,
  Q3_K_S: 3.6429,
  Q2_K: 3.1593,
  Q2_K_S: 2.9697,
  IQ4_NL: 4.6818,
  IQ4_XS: 4.4597,
  IQ3_M: 3.7628,
  IQ3_S: 3.6606,
  IQ3_XS: 3.4977,
  IQ3_XXS: 3.2548,
  IQ2_M: 2.9294,
  IQ2_S: 2.7403,
  IQ2_XS: 2.5882,
  IQ2_XXS: 2.3824,
  IQ1_M: 2.146,
  IQ1_S: 2.0042,
}

function ggufBitsPerWeight({ ggufType }: JobQuantization): number {
  const bits = Object.hasOwn(ggufBits, ggufType ?? '') ? ggufBits[ggufType ?? ''] : undefined
  if (bits !== undefined) return bits
  throw new InputError({
    code: 'UNSUPPORTED',
    path: 'quantization.ggufType',
    message: `${JSON.stringify(ggufType)} is not a known mixture; give one of ${Object.keys(ggufBits).join(', ')}`,
  })
}
