import { encodeModel } from './encodeModel'
import { elementCount, Graph, type Value } from './graph'
import type { GraphPort } from './inferenceGraph'
import { add } from './ops/elementwise'
import { gemm } from './ops/matmul'
import { slice } from './ops/slice'

/** What a device can do at most, as a graph that does nothing else `count` times. */
export interface PeakGraph {
  readonly inputs: readonly GraphPort[]
  /** What every element of each input should be, so that no result grows or vanishes. */
  readonly fill: Readonly<Record<string, number>>
  readonly model: Uint8Array
}

/**
 * `count` matrix products [size, size] × [size, size], one after the other: 2 · size³ FLOPs each. Only
 * one number leaves the device.
 */
export function buildGemmPeak(
  precision: 'fp32' | 'fp16',
  { size, count }: { readonly size: number; readonly count: number },
): PeakGraph {
  const graph = new Graph(`${count} products`)
  const factor = graph.input('factor', precision, [size, size])
  let product = graph.input('start', precision, [size, size])
  for (let each = 0; each < count; each += 1) product = gemm(graph, product, factor)
  return finish(graph, product, { factor: 1 / size, start: 1 })
}

/** `count` sums of a vector and a number, one after the other: each reads it once and writes it once. */
export function buildCopyPeak({
  elements,
  count,
}: {
  readonly elements: number
  readonly count: number
}): PeakGraph {
  const graph = new Graph(`${count} copies`)
  const step = graph.input('step', 'fp32', [])
  let vector = graph.input('start', 'fp32', [elements])
  for (let each = 0; each < count; each += 1) vector = add(graph, vector, step)
  return finish(graph, vector, { step: 1, start: 0 })
}

function finish(graph: Graph, value: Value, fill: PeakGraph['fill']): PeakGraph {
  const first = value.shape.reduce((each, _, axis) => slice(graph, each, axis, 0, 1), value)
  if (elementCount(first.shape) !== 1) throw new Error('one number is enough')
  graph.output('first', first)
  return { inputs: graph.inputs, fill, model: encodeModel(graph) }
}
