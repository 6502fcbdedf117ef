import type { Graph, Value } from '../graph'
import { cast } from './elementwise'
import { reshape, transpose } from './reshape'
import { expectSameType, shapeError } from './shapeError'
import { slice } from './slice'
import { sumTo } from './sum'

export interface ConvOptions {
  /** The same in both directions. */
  readonly stride?: number
  /** Zeros on each of the four sides. */
  readonly padding?: number
}

/**
 * Two-dimensional convolution (cross-correlation, as in every framework): `x` [batch, in, height,
 * width], `w` [out, in, kernel, kernel], `bias` [out]. ONNX Runtime has it in fp32 and, on devices,
 * fp16; in fp64 it is computed in fp32.
 * Gradient of x: ConvTranspose of dy with w. Gradient of w: a convolution in which batch and channels
 * have changed places, dy is the kernel, and the stride is its dilation.
 */
export function conv(
  graph: Graph,
  x: Value,
  w: Value,
  bias: Value | null = null,
  { stride = 1, padding = 0 }: ConvOptions = {},
): Value {
  if (x.dtype === 'fp64') {
    const [x32, w32] = [x, w].map((value) => cast(graph, value, 'fp32'))
    const bias32 = bias && cast(graph, bias, 'fp32')
    return cast(graph, conv(graph, x32!, w32!, bias32, { stride, padding }), 'fp64')
  }
  expectSameType('Conv', x, w)
  const [batch, channels, height, width] = x.shape
  const [filters, inner, kernel, kernelWidth] = w.shape
  if (
    [batch, channels, height, width, filters].includes(undefined) ||
    channels !== inner ||
    kernel !== kernelWidth ||
    (bias && bias.shape[0] !== filters)
  ) {
    throw shapeError('Conv', 'not an image batch and square filters of its channels', x, w)
  }
  const outputSize = (size: number): number =>
    Math.floor((size + 2 * padding - kernel!) / stride) + 1
  const [outHeight, outWidth] = [outputSize(height!), outputSize(width!)]
  if (outHeight < 1 || outWidth < 1) throw shapeError('Conv', 'the filter is larger', x, w)
  return graph.apply('Conv', bias ? [x, w, bias] : [x, w], {
    shape: [batch!, filters!, outHeight, outWidth],
    attributes: convAttributes(kernel!, kernel!, { stride, padding }),
    gradients: [
      (dy) => inputGradient(graph, dy, w, x, { stride, padding }),
      (dy) => filterGradient(graph, x, dy, w, { stride, padding }),
      ...(bias
        ? [(dy: Value) => reshape(graph, sumTo(graph, dy, [filters!, 1, 1]), bias.shape)]
        : []),
    ],
  })
}

function inputGradient(
  graph: Graph,
  dy: Value,
  w: Value,
  x: Value,
  { stride, padding }: Required<ConvOptions>,
): Value {
  const kernel = w.shape[2]!
  // Rows and columns at the end that no window reached: they get zeros.
  const unreached = [2, 3].map(
    (axis) => x.shape[axis]! - ((dy.shape[axis]! - 1) * stride - 2 * padding + kernel),
  )
  return graph.apply('ConvTranspose', [dy, w], {
    shape: x.shape,
    attributes: {
      ...convAttributes(kernel, kernel, { stride, padding }),
      output_padding: { type: 'ints', value: unreached },
    },
  })
}

function filterGradient(
  graph: Graph,
  x: Value,
  dy: Value,
  w: Value,
  { stride, padding }: Required<ConvOptions>,
): Value {
  const [filters, channels, kernel] = w.shape
  const swapped = [1, 0, 2, 3]
  const [, , dyHeight, dyWidth] = dy.shape
  const sizes = [2, 3].map((axis) => x.shape[axis]! + 2 * padding - (dy.shape[axis]! - 1) * stride)
  const dw = graph.apply('Conv', [transpose(graph, x, swapped), transpose(graph, dy, swapped)], {
    shape: [channels!, filters!, sizes[0]!, sizes[1]!],
    attributes: {
      ...convAttributes(dyHeight!, dyWidth!, { stride: 1, padding }),
      dilations: { type: 'ints', value: [stride, stride] },
    },
  })
  // Unreached rows make it larger than the filter.
  const cropped = slice(graph, slice(graph, dw, 2, 0, kernel!), 3, 0, kernel!)
  return transpose(graph, cropped, swapped)
}

function convAttributes(
  kernelHeight: number,
  kernelWidth: number,
  { stride, padding }: Required<ConvOptions>,
) {
  return {
    kernel_shape: { type: 'ints', value: [kernelHeight, kernelWidth] },
    strides: { type: 'ints', value: [stride, stride] },
    pads: { type: 'ints', value: [padding, padding, padding, padding] },
  } as const
}
