import { maxLevel, quantizePerChannel, roundHalfToEven, scaleOf } from '../quantize/int8'
import type { Graph, Node, Value } from './graph'
import type { Weights } from './networks/network'

// The operators of an int8 graph, built from those of the fp32 one: which kinds there are and why is
// told in int8Graph.ts.

/** What the new graph has for a value of the fp32 one: the same in fp32, or levels of `scale`. */
interface Built {
  readonly value: Value
  readonly scale: number | null
}

export interface Rewriting {
  readonly source: Graph
  readonly graph: Graph
  readonly weights: Weights
  /** By the names of `inputNameOf`. */
  readonly alphas: Readonly<Record<string, number>>
  /** By names of `source`. */
  readonly built: Map<string, Built>
}

/** An activation's levels 0 … 127. */
const levelType = 'uint8' as const

export function copyNode(rewriting: Rewriting, node: Node): void {
  const { graph, built } = rewriting
  const first = built.get(node.inputs[0]!.name)
  if (first && first.scale !== null && node.opType === 'Relu') {
    // Levels end at 0 as they are.
    built.set(node.outputs[0]!.name, first)
    return
  }
  const keepsLevels = first !== undefined && first.scale !== null && node.opType === 'Reshape'
  const inputs = node.inputs.map((input, place) =>
    keepsLevels && place === 0 ? first.value : floatOf(rewriting, input),
  )
  const outputs = node.outputs.map(({ shape, dtype }) => ({
    shape,
    dtype: keepsLevels ? levelType : dtype,
  }))
  const results = graph.applyMany(node.opType, inputs, outputs, node.attributes, node.domain)
  const scale = keepsLevels ? first.scale : null
  node.outputs.forEach(({ name }, place) => built.set(name, { value: results[place]!, scale }))
}

/** Both factors 8 bits wide, sums int32: QGemm and QLinearConv of ONNX Runtime. */
export function integerLayer(rewriting: Rewriting, node: Node): void {
  const { graph, built } = rewriting
  const isConv = node.opType === 'Conv'
  const inputScale = scaleOf(alphaOf(rewriting, node))
  const input = levelsOf(rewriting, node.inputs[0]!, inputScale)
  const { stored, scales } = storeWeights(rewriting, node)
  const nextScale = scaleAfter(rewriting, node)
  if (isConv && nextScale === null) {
    throw new Error(`${inputNameOf(node)}: an int8 convolution needs ReLU and a layer after it`)
  }
  const scalar = (value: number) => graph.scalar(value, 'fp32')
  const zero = graph.scalar(0, levelType)
  const zeros = graph.constant('int8', [scales.length], new Int8Array(scales.length))
  const scalesOfWeights = graph.constant('fp32', [scales.length], scales)
  const factors = [input, scalar(inputScale), zero, stored, scalesOfWeights, zeros]
  const bias = storeBias(
    rewriting,
    node,
    scales.map((scale) => scale * inputScale),
  )
  const range = nextScale === null ? [] : [scalar(nextScale), zero]
  const { name, shape } = node.outputs[0]!
  const outputs = [{ shape, dtype: nextScale === null ? ('fp32' as const) : levelType }]
  const { attributes } = node
  const [value] = isConv
    ? graph.applyMany('QLinearConv', [...factors, ...range, bias], outputs, attributes)
    : graph.applyMany('QGemm', [...factors, bias, ...range], outputs, attributes, 'com.microsoft')
  built.set(name, {
    value: nextScale === null ? value! : clipLevels(graph, value!),
    scale: nextScale,
  })
}

/** Kernels saturate at 255, alpha is at 127. */
function clipLevels(graph: Graph, levels: Value): Value {
  const [low, high] = [graph.scalar(0, levelType), graph.scalar(maxLevel, levelType)]
  return graph.apply('Clip', [levels, low, high], { shape: levels.shape })
}

/** Weights dequantized by a node of the graph. */
export function storedLayer(rewriting: Rewriting, node: Node): void {
  const { graph, built } = rewriting
  const { stored, scales, axis } = storeWeights(rewriting, node)
  const [weight] = graph.applyMany(
    'DequantizeLinear',
    [stored, graph.constant('fp32', [scales.length], scales)],
    [{ shape: stored.shape, dtype: 'fp32' }],
    { axis: { type: 'int', value: axis } },
  )
  const [input, , ...bias] = node.inputs.map((each, place) =>
    place === 1 ? weight! : floatOf(rewriting, each),
  )
  const [y] = graph.applyMany(
    node.opType,
    [input!, weight!, ...bias],
    node.outputs,
    node.attributes,
  )
  built.set(node.outputs[0]!.name, { value: y!, scale: null })
}

/**
 * The scale of the int8 layer that alone takes this layer's output, after ReLU and whatever reshaping:
 * the output is written in it at once. Null where there is none.
 */
function scaleAfter(rewriting: Rewriting, node: Node, isPositive = false): number | null {
  const takers = rewriting.source.nodes.filter(({ inputs }) => inputs.includes(node.outputs[0]!))
  const [taker] = takers
  if (!taker || takers.length > 1) return null
  if (hasStoredWeights(taker)) return isPositive ? scaleOf(alphaOf(rewriting, taker)) : null
  if (taker.opType !== 'Relu' && taker.opType !== 'Reshape') return null
  return scaleAfter(rewriting, taker, isPositive || taker.opType === 'Relu')
}

function alphaOf({ alphas }: Rewriting, node: Node): number {
  const alpha = alphas[inputNameOf(node)]
  if (alpha === undefined) throw new Error(`there is no alpha for ${inputNameOf(node)}`)
  return alpha
}

function levelsOf(rewriting: Rewriting, wanted: Value, scale: number): Value {
  const { source, graph, built } = rewriting
  const known = built.get(wanted.name)
  if (known?.scale === scale) return known.value
  if (!isNeverNegative(source, wanted)) {
    throw new Error(`${wanted.name} may be negative: int8 has only levels from 0 for activations`)
  }
  const inputs = [
    floatOf(rewriting, wanted),
    graph.scalar(scale, 'fp32'),
    graph.scalar(0, levelType),
  ]
  const { shape } = wanted
  return clipLevels(graph, graph.apply('QuantizeLinear', inputs, { shape, dtype: levelType }))
}

function isNeverNegative(source: Graph, value: Value): boolean {
  const producer = source.nodes.find(({ outputs }) => outputs.includes(value))
  if (!producer) return source.inputs.includes(value)
  if (producer.opType === 'Reshape') return isNeverNegative(source, producer.inputs[0]!)
  return producer.opType === 'Relu'
}

/** The value in fp32: as it was built, stored, or dequantized. */
export function floatOf({ source, graph, built }: Rewriting, wanted: Value): Value {
  const known = built.get(wanted.name)
  if (known?.scale === null) return known.value
  if (known) {
    return graph.apply('DequantizeLinear', [known.value, graph.scalar(known.scale, 'fp32')], {
      shape: wanted.shape,
      dtype: 'fp32',
    })
  }
  const stored = source.initializers.find(({ value }) => value.name === wanted.name)
  if (!stored) throw new Error(`${wanted.name} is used before it is computed`)
  const { name, dtype, shape, role } = stored.value
  const numbers = numbersOf(stored.bytes, dtype)
  const value =
    role === 'weight'
      ? graph.initializer(name, dtype, shape, numbers, role)
      : graph.constant(dtype, shape, numbers)
  built.set(name, { value, scale: null })
  return value
}

function numbersOf(bytes: Uint8Array, dtype: Value['dtype']): ArrayLike<number> {
  const { buffer } = bytes.slice()
  return dtype === 'int64'
    ? Array.from(new BigInt64Array(buffer), Number)
    : new Float32Array(buffer)
}

function storeWeights({ graph, weights }: Rewriting, node: Node) {
  const { name, shape } = node.inputs[1]!
  // [out, in, kernel, kernel] of a convolution, [in, out] of a matrix.
  const axis = node.opType === 'Conv' ? 0 : 1
  const { levels, scales } = quantizePerChannel(weights.get(name)!, shape, axis)
  return { stored: graph.initializer(name, 'int8', shape, levels, 'weight'), scales, axis }
}

/** What a step of the int32 sums of each channel means is `scales`; a bias is rounded to such steps. */
function storeBias({ graph, weights }: Rewriting, node: Node, scales: Float32Array): Value {
  const bias = node.inputs[2]
  const values = bias ? weights.get(bias.name)! : new Float32Array(scales.length)
  const steps = Array.from(values, (value, channel) =>
    // A channel of tiny weights may ask for more steps than int32 has.
    Math.max(-maxBiasStep, Math.min(maxBiasStep, roundHalfToEven(value / scales[channel]!))),
  )
  return graph.constant('int32', [scales.length], steps)
}

/** Leaves room for the sum of 2¹⁶ products of 127 · 127, about 2³⁰. */
const maxBiasStep = 2 ** 30

export function hasStoredWeights({ opType, inputs }: Node): boolean {
  return (opType === 'Gemm' || opType === 'Conv') && inputs[1]?.role === 'weight'
}

export function inputNameOf(node: Node): string {
  return `${node.inputs[1]!.name.replace(/\.weight$/, '')} input`
}
