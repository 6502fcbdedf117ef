import type { DataType } from '../dtype'
import { elementCount, type Graph, type Value } from './graph'
import { biasOf, type Layers, plainLayers } from './networks/layers'
import { parameterOf, type ParameterValues } from './networks/network'
import { after } from './ops/after'
import { type Blocks, dequantizeWeight } from './ops/blockwise'
import { add, cast, mul } from './ops/elementwise'
import { fakeQuantize } from './ops/fakeQuantize'
import { conv } from './ops/conv'
import { gemm, linear } from './ops/matmul'
import { reshape } from './ops/reshape'

/** A frozen weight as it lies in memory: integers with scales, or values in another type. */
export type StoredWeight =
  ({ readonly type: 'blocks' } & Blocks) | { readonly type: 'values'; readonly values: Value }

/**
 * Layers whose weight is stored otherwise than it is multiplied, by name. It is put into the type of
 * the activations for each product alone, again for the backward pass, and not before the other factor
 * is there: ONNX Runtime would otherwise make all of them first, and hold them.
 */
export function storedLayers(stored: ReadonlyMap<string, StoredWeight>): Layers {
  return {
    ...plainLayers,
    linear(graph, x, name, parameters) {
      const weight = stored.get(name)
      if (!weight) return plainLayers.linear(graph, x, name, parameters)
      return storedLinear(graph, x, weight, biasOf(parameters, name))
    },
  }
}

function storedLinear(graph: Graph, x: Value, weight: StoredWeight, bias: Value | null): Value {
  const features = x.shape.at(-1)!
  const rows = reshape(graph, x, [elementCount(x.shape) / features, features])
  const restored = (other: Value) => restore(graph, weight, { features, dtype: x.dtype, other })
  // Blocks are stored output by output, values as the network knows them.
  const transposeB = weight.type === 'blocks'
  const y = graph.withoutRecording(() => gemm(graph, rows, restored(rows), bias, { transposeB }))
  graph.differentiateAs('storedLinear', [rows], y, (dy) => [
    gemm(graph, dy, restored(dy), null, { transposeB: !transposeB }),
  ])
  return reshape(graph, y, [...x.shape.slice(0, -1), y.shape[1]!])
}

/** @param other what has to be there first */
function restore(
  graph: Graph,
  stored: StoredWeight,
  { features, dtype, other }: { features: number; dtype: DataType; other: Value },
): Value {
  if (stored.type === 'values') return cast(graph, after(graph, stored.values, [other]), dtype)
  const scales = after(graph, stored.scales, [other])
  const blocks = { integers: stored.integers, scales }
  return cast(graph, dequantizeWeight(graph, blocks, features), dtype)
}

/**
 * Low-rank adapters (Hu et al. 2021) beside the layers of these names: y + (x · A) · B · alpha ÷ rank.
 */
export function adaptedLayers(
  base: Layers,
  adapted: ReadonlySet<string>,
  { rank, alpha }: { readonly rank: number; readonly alpha: number },
): Layers {
  return {
    ...base,
    linear(graph, x, name, parameters) {
      const y = base.linear(graph, x, name, parameters)
      if (!adapted.has(name)) return y
      const narrow = linear(graph, x, parameterOf(parameters, `${name}.lora_A.weight`))
      const scaled = mul(graph, narrow, graph.scalar(alpha / rank, x.dtype))
      return add(graph, y, linear(graph, scaled, parameterOf(parameters, `${name}.lora_B.weight`)))
    },
  }
}

/**
 * Quantization-aware training (Jacob et al. 2018): layers multiply with what int8 makes of each weight,
 * one scale to an output, and of each activation, one to a row or an image, by their largest values.
 */
export const fakeQuantizedLayers: Layers = {
  linear: (graph, x, name, parameters) =>
    linear(
      graph,
      fakeQuantize(graph, x, -1),
      fakeQuantize(graph, weightOf(parameters, name), 0),
      biasOf(parameters, name),
    ),
  conv: (graph, x, name, parameters, options) =>
    conv(
      graph,
      fakeQuantizeEach(graph, x),
      fakeQuantizeEach(graph, weightOf(parameters, name)),
      biasOf(parameters, name),
      options,
    ),
}

/** With one scale to each image, or to each filter. */
function fakeQuantizeEach(graph: Graph, x: Value): Value {
  const rows = reshape(graph, x, [x.shape[0]!, elementCount(x.shape) / x.shape[0]!])
  return reshape(graph, fakeQuantize(graph, rows, 1), x.shape)
}

function weightOf(parameters: ParameterValues, name: string): Value {
  return parameterOf(parameters, `${name}.weight`)
}
