/** What the headers of a model file say, whatever its format; the tensors themselves are never read. */

export interface StoredTensor {
  readonly name: string
  /** The format's own name of the element type: `BF16`, `Q4_K`, `FLOAT16`. */
  readonly type: string
  /** Outermost dimension first; [] is a scalar. */
  readonly shape: readonly number[]
  readonly elementCount: number
  /** Bytes of its data, quantization blocks included. */
  readonly bytes: number
}

export interface ModelFile {
  readonly format: 'safetensors' | 'gguf' | 'onnx'
  readonly tensors: readonly StoredTensor[]
  /**
   * Elements of all tensors. Null where tensors pack several weights into one element (GPTQ, AWQ),
   * because their number then depends on the configuration.
   */
  readonly parameterCount: number | null
  /** Bytes of all tensors. */
  readonly tensorBytes: number
  /** Bytes of all files read, headers and padding included. */
  readonly fileBytes: number
  /** What the file says about itself, scalars as text. */
  readonly metadata: Readonly<Record<string, string>>
}

/** Sum of a figure over tensors. */
export function sumOver(
  tensors: readonly StoredTensor[],
  figure: 'elementCount' | 'bytes',
): number {
  return tensors.reduce((sum, tensor) => sum + tensor[figure], 0)
}

/**
 * Product of dimensions, or null where it leaves the integers a double holds exactly: no file is
 * that large, so whoever says so is lying.
 */
export function elementCountOf(shape: readonly number[]): number | null {
  let count = 1
  for (const dimension of shape) {
    count *= dimension
    if (!Number.isSafeInteger(count)) return null
  }
  return count
}
