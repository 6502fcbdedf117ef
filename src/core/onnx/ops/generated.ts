import type { DataType } from '../../dtype'
import { elementCount, type Graph, type Value } from '../graph'
import type { Parameter } from '../networks/network'
import { add, cast, mul } from './elementwise'
import { reshape } from './reshape'
import { expand } from './sum'

/** Factors lie between 1 and this, so that no sine is taken of what fp32 holds too coarsely. */
const largestFactor = 40
/** Their fractional parts spread evenly (Weyl 1916). */
const [golden, rootTwo] = [(Math.sqrt(5) - 1) / 2, Math.SQRT2]

/**
 * A parameter made on the device: sin(seed · u · v) of two short vectors, in the size of its
 * initialization. By a sine, for WebGPU draws no random numbers; from something fed, for ONNX Runtime
 * would compute it in advance and hold it otherwise. Numbers of another `place` differ.
 */
export function generated(
  graph: Graph,
  seed: Value,
  { shape, initialization }: Pick<Parameter, 'shape' | 'initialization'>,
  place: number,
): Value {
  const constant = (value: number) => graph.scalar(value, 'fp32')
  switch (initialization.type) {
    case 'zeros':
      return filled(graph, seed, shape, 'fp32')
    case 'ones':
      return filled(graph, add(graph, mul(graph, seed, constant(0)), constant(1)), shape, null)
    case 'uniform':
      return waves(graph, seed, shape, { place, size: initialization.bound })
    case 'normal':
      // A sine's standard deviation is 1 ÷ √2.
      return waves(graph, seed, shape, {
        place,
        size: Math.SQRT2 * initialization.standardDeviation,
      })
  }
}

/** Zeros of any type; with `dtype` null the seed itself, everywhere. */
export function filled(
  graph: Graph,
  seed: Value,
  shape: readonly number[],
  dtype: DataType | null,
): Value {
  const value =
    dtype === null ? seed : cast(graph, mul(graph, seed, graph.scalar(0, 'fp32')), dtype)
  const stretched = expand(graph, value, shape.length === 0 ? [1] : shape)
  return reshape(graph, stretched, shape)
}

function waves(
  graph: Graph,
  seed: Value,
  shape: readonly number[],
  { place, size }: { readonly place: number; readonly size: number },
): Value {
  const columns = shape.at(-1) ?? 1
  const rows = elementCount(shape) / columns
  const factors = (count: number, step: number) => () =>
    Float32Array.from({ length: count }, (_, index) => {
      const turns = (index + 1) * step
      return 1 + (largestFactor - 1) * (turns - Math.floor(turns))
    })
  const u = graph.shared(`rows ${rows}`, 'fp32', [rows, 1], factors(rows, golden))
  const v = graph.shared(`columns ${columns}`, 'fp32', [1, columns], factors(columns, rootTwo))
  const phase = add(graph, seed, graph.scalar(place / 64, 'fp32'))
  const angles = mul(graph, mul(graph, u, phase), v)
  const sines = graph.apply('Sin', [angles], { shape: [rows, columns] })
  return reshape(graph, mul(graph, sines, graph.scalar(size, 'fp32')), shape)
}
