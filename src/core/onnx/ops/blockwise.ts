import type { Graph, Value } from '../graph'
import { abs, add, mul } from './elementwise'
import { reshape } from './reshape'
import { shapeError } from './shapeError'

/**
 * Integers with a scale for each row of a matrix [blocks, blockSize]. No gradient flows through.
 */
export interface Blocks {
  readonly integers: Value
  /** fp32 [blocks]. */
  readonly scales: Value
}

/** Keeps the scale of a block of zeros from being 0. */
const leastScale = 1e-30
/** TensorProto.DataType. */
const outputTypes = { int8: 3, uint8: 2 } as const
const largest = { int8: 127, uint8: 255 } as const
const overRows = { axis: { type: 'int', value: 0 } } as const

/**
 * x [blocks, blockSize] in 8 bits, the largest of each block exactly. `int8` rounds to the nearest;
 * `uint8`, of numbers from 0, rounds up, so that what is not 0 does not become 0.
 */
export function quantizeBlocks(graph: Graph, x: Value, dtype: 'int8' | 'uint8'): Blocks {
  const peak = largestOf(graph, dtype === 'int8' ? abs(graph, x) : x, -1)
  const steps = mul(graph, peak, graph.scalar(1 / largest[dtype], 'fp32'))
  const scales = add(graph, steps, graph.scalar(leastScale, 'fp32'))
  // All but half a step more, so that rounding to the nearest rounds up.
  const raised =
    dtype === 'int8' ? x : add(graph, x, mul(graph, scales, graph.scalar(0.4999, 'fp32')))
  const flat = reshape(graph, scales, [x.shape[0]!])
  const [integers] = graph.applyMany(
    'QuantizeLinear',
    [raised, flat],
    [{ shape: x.shape, dtype }],
    { ...overRows, output_dtype: { type: 'int', value: outputTypes[dtype] } },
  )
  return { integers: integers!, scales: flat }
}

export function dequantizeBlocks(graph: Graph, { integers, scales }: Blocks): Value {
  const [x] = graph.applyMany(
    'DequantizeLinear',
    [integers, scales],
    [{ shape: integers.shape, dtype: scales.dtype }],
    overRows,
  )
  return x!
}

/**
 * A weight [inputs, outputs] stored as integers, with a scale for every `blockSize` inputs of each
 * output: scales [inputs ÷ blockSize, outputs], whose type the result has.
 */
export function dequantizeWeight(graph: Graph, { integers, scales }: Blocks): Value {
  const [inputs, outputs] = integers.shape
  const blockSize = inputs! / scales.shape[0]!
  if (!Number.isInteger(blockSize) || outputs !== scales.shape[1]) {
    throw shapeError('DequantizeLinear', 'scales do not belong to blocks', integers, scales)
  }
  const [weight] = graph.applyMany(
    'DequantizeLinear',
    [integers, scales],
    [{ shape: integers.shape, dtype: scales.dtype }],
    { ...overRows, block_size: { type: 'int', value: blockSize } },
  )
  return weight!
}

/** The largest along one axis, which becomes 1: by TopK, for ReduceMax needs cuDNN on CUDA. */
export function largestOf(graph: Graph, x: Value, axis: number): Value {
  const along = axis < 0 ? axis + x.shape.length : axis
  const shape = x.shape.with(along, 1)
  const [values] = graph.applyMany(
    'TopK',
    [x, graph.integers([1])],
    [
      { shape, dtype: x.dtype },
      { shape, dtype: 'int64' },
    ],
    { axis: { type: 'int', value: along } },
  )
  return values!
}
