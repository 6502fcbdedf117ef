import { byteCount, elementCount, type Node, type Value } from '../onnx/graph'

/** Bytes that a kernel allocates besides its outputs for as long as it runs, tensor by tensor. */
export interface Workspace {
  readonly beforeOutput: readonly number[]
  readonly afterOutput: readonly number[]
}

const none: Workspace = { beforeOutput: [], afterOutput: [] }
const floatBytes = 4
const sumBytes = 4
const pointerBytes = 8
/** MLAS_CONV_WORKING_BUFFER_SIZE_PER_THREAD (core/mlas/lib/mlasi.h), in fp32 numbers. */
const numbersPerThread = 128 * 128

/** Of the CPU provider's kernels, which compute fp16 in fp32. */
export function cpuWorkspace(
  node: Node,
  constants: readonly Value[],
  threadCount: number,
): Workspace {
  switch (node.opType) {
    case 'Where':
      return { beforeOutput: whereBytes(node), afterOutput: [] }
    case 'Conv': {
      // Stored filters are turned into a layout (NCHWc) that needs no rearranged image.
      const isStored = constants.some(({ name }) => name === node.inputs[1]!.name)
      return isStored ? none : { beforeOutput: [], afterOutput: convBytes(node, threadCount) }
    }
    case 'QGemm':
      return { beforeOutput: [], afterOutput: quantizedGemmBytes(node) }
    case 'QLinearConv':
      return { beforeOutput: [], afterOutput: quantizedConvBytes(node) }
    case 'ConvTranspose':
      return { beforeOutput: [], afterOutput: convTransposeBytes(node) }
    default:
      return none
  }
}

/** What is taken from the one side and what from the other, before they are joined. */
function whereBytes({ inputs: [condition, ...sides], outputs }: Node): readonly number[] {
  return sides.map((side) => {
    const isScalar = elementCount(side.shape) === 1 && elementCount(condition!.shape) === 1
    return isScalar ? floatBytes : byteCount(widened(outputs[0]!))
  })
}

/** The image, rearranged for a matrix product (MlasConvPrepare, core/mlas/lib/convolve.cpp). */
function convBytes({ inputs, outputs }: Node, threadCount: number): readonly number[] {
  const [filters, channels, kernelHeight, kernelWidth] = inputs[1]!.shape
  const [batch, , height, width] = outputs[0]!.shape
  const inner = channels! * kernelHeight! * kernelWidth!
  const outputSize = height! * width!
  if (filters! > outputSize) return [outputSize * inner * floatBytes]
  const numbers = Math.max(outputSize * inner, filters! * outputSize, numbersPerThread)
  const isSingle = batch === 1
  return [(isSingle ? numbersPerThread : Math.min(threadCount, batch!) * numbers) * floatBytes]
}

/** One image's products of every input pixel with every filter element, before they are summed. */
function convTransposeBytes({ inputs: [x, w] }: Node): readonly number[] {
  const [, filters, kernelHeight, kernelWidth] = w!.shape
  const [, , height, width] = x!.shape
  return [filters! * kernelHeight! * kernelWidth! * height! * width! * floatBytes]
}

/** The int32 sums, unless the output is as wide (contrib_ops/cpu/quantization/quant_gemm.cc). */
function quantizedGemmBytes({ outputs: [output] }: Node): readonly number[] {
  return output!.dtype === 'fp32' ? [] : [elementCount(output!.shape) * sumBytes]
}

/**
 * One image's int32 sums and its rearrangement where it has one channel; else a pointer to each pixel
 * that each output pixel is made of, for all images (core/providers/cpu/quantization/qlinearconv.cc).
 */
function quantizedConvBytes({ inputs, outputs }: Node): readonly number[] {
  const [filters, channels, kernelHeight, kernelWidth] = inputs[3]!.shape
  const [batch, , height, width] = outputs[0]!.shape
  const outputSize = height! * width!
  const window = kernelHeight! * kernelWidth!
  if (channels === 1) return [outputSize * filters! * sumBytes, outputSize * window]
  return [batch! * outputSize * window * pointerBytes]
}

function widened(value: Value): Value {
  return value.dtype === 'fp16' ? { ...value, dtype: 'fp32' } : value
}
