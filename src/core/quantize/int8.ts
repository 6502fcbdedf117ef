/**
 * Symmetric int8: a number x is stored as round(x ÷ scale), clipped to −127 … 127, and means that
 * times scale; scale = alpha ÷ 127, where alpha is the clipping threshold. Zero is exactly 0, and
 * −128 is left unused, so that the range is the same on both sides (Jacob et al. 2018, section 2.1;
 * NVIDIA, Wu et al. 2020, "Integer quantization for deep learning inference", section 3.1).
 */
export const maxLevel = 127

/** Step between two levels, rounded to fp32 as models store it. */
export function scaleOf(alpha: number): number {
  return Math.fround(alpha / maxLevel)
}

/** Levels −127 … 127; ties go to the even one, as ONNX's QuantizeLinear has it. */
export function quantize(values: ArrayLike<number>, scale: number): Int8Array<ArrayBuffer> {
  return Int8Array.from(values, (value) => levelOf(value, scale))
}

/** What is left of the values after int8: quantized and back. */
export function fakeQuantize(values: ArrayLike<number>, alpha: number): Float32Array<ArrayBuffer> {
  const scale = scaleOf(alpha)
  return Float32Array.from(values, (value) => levelOf(value, scale) * scale)
}

export interface QuantizedChannels {
  readonly levels: Int8Array<ArrayBuffer>
  /** One per channel; fp32. */
  readonly scales: Float32Array<ArrayBuffer>
}

/**
 * Weights with a scale per channel, which is the index along `axis`: its largest |weight| becomes 127,
 * so nothing is clipped. A channel of zeros has scale 1.
 */
export function quantizePerChannel(
  values: ArrayLike<number>,
  shape: readonly number[],
  axis: number,
): QuantizedChannels {
  const channelCount = shape[axis]!
  const inner = shape.slice(axis + 1).reduce((product, size) => product * size, 1)
  const channelOf = (index: number) => Math.floor(index / inner) % channelCount
  const alphas = new Float64Array(channelCount)
  for (let index = 0; index < values.length; index += 1) {
    const channel = channelOf(index)
    alphas[channel] = Math.max(alphas[channel]!, Math.abs(values[index]!))
  }
  const scales = Float32Array.from(alphas, (alpha) => (alpha === 0 ? 1 : scaleOf(alpha)))
  const levels = Int8Array.from(values, (value, index) => levelOf(value, scales[channelOf(index)]!))
  return { levels, scales }
}

function levelOf(value: number, scale: number): number {
  return Math.max(-maxLevel, Math.min(maxLevel, roundHalfToEven(value / scale)))
}

/** To the nearest whole number, ties to the even one: 0.5 → 0, 1.5 → 2, −2.5 → −2. */
export function roundHalfToEven(value: number): number {
  const rounded = Math.round(value)
  return Math.abs(value % 1) === 0.5 && rounded % 2 !== 0 ? rounded - 1 : rounded
}
