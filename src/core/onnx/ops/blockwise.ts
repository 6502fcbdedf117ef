import { elementCount, type Graph, sameShape, type Value } from '../graph'
import { abs, add, mul } from './elementwise'
import { reshape } from './reshape'
import { shapeError } from './shapeError'

/**
 * Integers with a scale for each row of a matrix [blocks, blockSize]. No gradient flows through.
 */
export interface Blocks {
  readonly integers: Value
  /** [blocks], fp32 or fp16. */
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
 * A weight of `inputs` inputs as [outputs, inputs], in the type of its scales. It is stored output by
 * output, block by block of its inputs: integers [outputs · blocks, blockSize], scales
 * [outputs · blocks]. Each row has a scale of its own then, which every provider dequantizes; scales
 * along a further axis (`block_size`) CUDA refuses of 8 bits when it runs.
 */
export function dequantizeWeight(graph: Graph, blocks: Blocks, inputs: number): Value {
  const { integers, scales } = blocks
  const outputs = elementCount(integers.shape) / inputs
  if (!Number.isInteger(outputs) || inputs % integers.shape[1]! !== 0) {
    throw shapeError('DequantizeLinear', `blocks do not divide ${inputs} inputs`, integers)
  }
  if (!sameShape(scales.shape, [integers.shape[0]!])) {
    throw shapeError('DequantizeLinear', 'scales do not belong to blocks', integers, scales)
  }
  return reshape(graph, dequantizeBlocks(graph, blocks), [outputs, inputs])
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
