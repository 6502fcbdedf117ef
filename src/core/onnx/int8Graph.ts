import { quantizePerChannel, scaleOf } from '../quantize/int8'
import { encodeModel } from './encodeModel'
import { Graph, type Node, type Value } from './graph'
import { buildInferenceGraph, type InferenceGraph } from './inferenceGraph'
import type { Network, Weights } from './networks/network'
import { add, cast, mul } from './ops/elementwise'
import { reshape } from './ops/reshape'

/**
 * `int8-gemm` multiplies integers: activations clipped to alpha, scaled and rounded to 0…127, weights
 * int8 per channel, sums int32. `int8-weights` only stores the weights so and computes in fp32.
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

/** The network with the matrix products and convolutions of its layers in int8; fp32 in and out. */
export function buildInt8Graph(
  network: Network,
  weights: Weights,
  { mode, batchSize, alphas }: Int8Options,
): InferenceGraph {
  const source = buildInferenceGraph(network, weights, { precision: 'fp32', batchSize }).graph
  const graph = new Graph(`${network.name} ${mode} inference`)
  const values = new Map<string, Value>()
  const valueOf = ({ name }: Value) => values.get(name)!
  for (const { name, dtype, shape } of source.inputs) {
    values.set(name, graph.input(name, dtype, shape))
  }
  const inInt8 = new Set(source.nodes.filter(hasStoredWeights).map((node) => node.inputs[1]!.name))
  for (const { value, bytes } of source.initializers) {
    if (inInt8.has(value.name)) continue
    const numbers =
      value.dtype === 'int64'
        ? Array.from(new BigInt64Array(bytes.slice().buffer), Number)
        : new Float32Array(bytes.slice().buffer)
    // Constants get new names: this graph makes some of its own.
    const copy =
      value.role === 'constant'
        ? graph.constant(value.dtype, value.shape, numbers)
        : graph.initializer(value.name, value.dtype, value.shape, numbers, value.role)
    values.set(value.name, copy)
  }
  for (const node of source.nodes) {
    const inputs = node.inputs.map((input) => values.get(input.name))
    if (hasStoredWeights(node)) {
      const layer = { node, x: valueOf(node.inputs[0]!), bias: inputs[2] ?? null, weights }
      const output =
        mode === 'int8-gemm' ? integerLayer(graph, layer, alphas) : storedLayer(graph, layer)
      values.set(node.outputs[0]!.name, output)
      continue
    }
    const results = graph.applyMany(
      node.opType,
      node.inputs.map(valueOf),
      node.outputs,
      node.attributes,
      node.domain,
    )
    node.outputs.forEach((output, index) => values.set(output.name, results[index]!))
  }
  const logits = valueOf(source.outputs[0]!.value)
  graph.output('logits', logits)
  return {
    graph,
    inputs: graph.inputs,
    outputs: [{ name: 'logits', dtype: logits.dtype, shape: logits.shape }],
    model: encodeModel(graph),
  }
}

interface Layer {
  readonly node: Node
  readonly x: Value
  readonly bias: Value | null
  readonly weights: Weights
}

/**
 * Both factors integers. Activations are not negative in these networks (pixels, ReLU), so they are
 * unsigned; ending at 127 instead of 255 keeps the products of pairs within the 16 bits to which
 * x86 processors without VNNI add them.
 */
function integerLayer(graph: Graph, { node, x, bias, weights }: Layer, alphas: Alphas): Value {
  const name = inputNameOf(node)
  const alpha = alphas[name]
  if (alpha === undefined) throw new Error(`there is no alpha for ${name}`)
  const { stored, scales, isConv } = storeWeights(graph, node, weights)
  const scale = scaleOf(alpha)
  const clipped = graph.apply('Clip', [x, graph.scalar(0, 'fp32'), graph.scalar(alpha, 'fp32')], {
    shape: x.shape,
  })
  const zeroPoint = graph.scalar(0, 'uint8')
  const quantized = graph.apply(
    'QuantizeLinear',
    [clipped, graph.scalar(scale, 'fp32'), zeroPoint],
    {
      shape: x.shape,
      dtype: 'uint8',
    },
  )
  const shape = node.outputs[0]!.shape
  const sums = isConv
    ? graph.apply('ConvInteger', [quantized, stored], {
        shape,
        dtype: 'int32',
        attributes: node.attributes,
      })
    : graph.apply('MatMulInteger', [quantized, stored], { shape, dtype: 'int32' })
  const channels = scales.length
  const perChannel = graph.constant(
    'fp32',
    isConv ? [1, channels, 1, 1] : [channels],
    scales.map((weightScale) => weightScale * scale),
  )
  const y = mul(graph, cast(graph, sums, 'fp32'), perChannel)
  if (!bias) return y
  return add(graph, y, isConv ? reshape(graph, bias, [1, channels, 1, 1]) : bias)
}

/** Weights dequantized by a node of the graph, which ONNX Runtime does not fold away. */
function storedLayer(graph: Graph, { node, x, bias, weights }: Layer): Value {
  const { stored, scales, isConv } = storeWeights(graph, node, weights)
  const [weight] = graph.applyMany(
    'DequantizeLinear',
    [stored, graph.constant('fp32', [scales.length], scales)],
    [{ shape: stored.shape, dtype: 'fp32' }],
    { axis: { type: 'int', value: isConv ? 0 : 1 } },
  )
  const [y] = graph.applyMany(
    node.opType,
    [x, weight!, ...(bias ? [bias] : [])],
    node.outputs,
    node.attributes,
  )
  return y!
}

function storeWeights(graph: Graph, node: Node, weights: Weights) {
  const isConv = node.opType === 'Conv'
  const { name, shape } = node.inputs[1]!
  // [out, in, kernel, kernel] of a convolution, [in, out] of a matrix.
  const { levels, scales } = quantizePerChannel(weights.get(name)!, shape, isConv ? 0 : 1)
  return { stored: graph.initializer(name, 'int8', shape, levels, 'weight'), scales, isConv }
}

function hasStoredWeights({ opType, inputs }: Node): boolean {
  return (opType === 'Gemm' || opType === 'Conv') && inputs[1]?.role === 'weight'
}

function inputNameOf(node: Node): string {
  return `${node.inputs[1]!.name.replace(/\.weight$/, '')} input`
}
