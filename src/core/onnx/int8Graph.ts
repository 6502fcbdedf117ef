import { encodeModel } from './encodeModel'
import { Graph, type Value } from './graph'
import { buildInferenceGraph, type InferenceGraph } from './inferenceGraph'
import {
  copyNode,
  floatOf,
  hasStoredWeights,
  inputNameOf,
  integerLayer,
  type Rewriting,
  storedLayer,
} from './int8Layers'
import type { Network, Weights } from './networks/network'

/**
 * - `int8-gemm` multiplies integers: an activation is clipped to alpha, scaled and rounded once, and
 *   stays 8 bits wide from layer to layer, until the logits come out in fp32.
 * - `int8-weights` only stores weights in int8; they are dequantized and all arithmetic is fp32.
 *
 * Weights are signed, −127 … 127. Activations are unsigned, because ONNX Runtime's kernels for signed
 * ones are four times as slow on processors with AVX2 but no VNNI (measured: 1024 images through the
 * MLP in 2.6 ms instead of 0.6); so they must not be negative: the network's input, pixels from 0 to
 * 1, or what comes out of a ReLU. They end at 127, not 255, because the same kernels add products in
 * pairs in 16 bits: 2 · 127 · 127 = 32 258 is below 2¹⁵, 2 · 255 · 127 = 64 770 would saturate.
 */
export type Int8Mode = 'int8-gemm' | 'int8-weights'

/** Range of each calibrated activation, by its name. */
export type Alphas = Readonly<Record<string, number>>

export interface Int8Options {
  readonly mode: Int8Mode
  readonly batchSize: number
  /** By the names of `calibratedTensors`; not read by `int8-weights`. */
  readonly alphas: Alphas
}

/** An activation that an int8 layer takes. */
export interface CalibratedValue {
  readonly name: string
  readonly value: Value
}

/** The activations that int8 layers take, in the order of the layers. */
export function calibratedTensors({ graph }: InferenceGraph): CalibratedValue[] {
  return graph.nodes
    .filter(hasStoredWeights)
    .map((node) => ({ name: inputNameOf(node), value: node.inputs[0]! }))
}

/** The fp32 network with its calibrated activations as outputs besides the logits. */
export function buildCalibrationGraph(
  network: Network,
  weights: Weights,
  batchSize: number,
): InferenceGraph {
  const inference = buildInferenceGraph(network, weights, { precision: 'fp32', batchSize })
  const tensors = calibratedTensors(inference)
  for (const { name, value } of tensors) inference.graph.output(name, value)
  const outputs = tensors.map(({ name, value }) => ({ ...value, name }))
  return {
    ...inference,
    outputs: [...inference.outputs, ...outputs],
    model: encodeModel(inference.graph),
  }
}

/**
 * The network with the weights of its layers in int8, one scale per output channel; fp32 in and out.
 * Biases stay fp32, or int32 at the scale of the sums they are added to.
 * Throws where `int8-gemm` lacks the alpha of a layer's input.
 */
export function buildInt8Graph(
  network: Network,
  weights: Weights,
  { mode, batchSize, alphas }: Int8Options,
): InferenceGraph {
  const source = buildInferenceGraph(network, weights, { precision: 'fp32', batchSize }).graph
  const graph = new Graph(`${network.name} ${mode} inference`)
  const rewriting: Rewriting = { source, graph, weights, alphas, built: new Map() }
  for (const { name, dtype, shape } of source.inputs) {
    rewriting.built.set(name, { value: graph.input(name, dtype, shape), scale: null })
  }
  for (const node of source.nodes) {
    if (!hasStoredWeights(node)) copyNode(rewriting, node)
    else if (mode === 'int8-gemm') integerLayer(rewriting, node)
    else storedLayer(rewriting, node)
  }
  const logits = floatOf(rewriting, source.outputs[0]!.value)
  graph.output('logits', logits)
  return {
    graph,
    inputs: graph.inputs,
    outputs: [{ name: 'logits', dtype: logits.dtype, shape: logits.shape }],
    model: encodeModel(graph),
  }
}
