import { type Graph, liveNodes, type Node, type Value } from '../onnx/graph'

/** What a session runs of a graph, and what it holds from the beginning. */
export interface OptimizedGraph {
  readonly nodes: readonly Node[]
  /** Stored tensors, and what was computed of them alone when the session was made. */
  readonly constants: readonly Value[]
}

/**
 * The graph after those of ONNX Runtime's optimizations that change which tensors exist: what depends
 * on stored tensors alone is computed in advance, and what is computed twice is computed once
 * (core/optimizer/constant_folding.cc, common_subexpression_elimination.cc); a Relu becomes part of
 * the Gemm or Conv that it alone reads (gemm_activation_fusion.cc), a node that comes after all others.
 */
export function optimizeGraph(graph: Graph): OptimizedGraph {
  const outputs = new Set(graph.outputs.map(({ value }) => value.name))
  const constants = new Map(graph.initializers.map(({ value }) => [value.name, value]))
  const replacements = new Map<string, Value>()
  const known = new Map<string, Node>()
  const nodes: Node[] = []
  for (const node of liveNodes(graph)) {
    const inputs = node.inputs.map((input) => replacements.get(input.name) ?? input)
    const isReturned = node.outputs.some(({ name }) => outputs.has(name))
    const isStored = inputs.every(({ name }) => constants.has(name))
    if (node.opType === 'DequantizeLinear' && isStored) {
      // Never computed in advance, or weights would take their full size.
      if (isMultipliedQuantized(graph, node)) {
        replacements.set(node.outputs[0]!.name, inputs[0]!)
        continue
      }
    } else if (!isReturned && isStored) {
      for (const output of node.outputs) constants.set(output.name, output)
      continue
    }
    const key = JSON.stringify([
      node.opType,
      node.attributes,
      inputs.map(({ name }) => name),
      node.outputs.map(({ dtype, shape }) => [dtype, shape]),
    ])
    const same = known.get(key)
    if (same && !isReturned) {
      node.outputs.forEach(({ name }, index) => replacements.set(name, same.outputs[index]!))
      continue
    }
    const own = { ...node, inputs }
    known.set(key, own)
    nodes.push(own)
  }
  const fused = fuseRelus(fuseScales(nodes, constants, outputs), outputs)
  const isRead = new Set(fused.flatMap(({ inputs }) => inputs.map(({ name }) => name)))
  return { nodes: fused, constants: [...constants.values()].filter(({ name }) => isRead.has(name)) }
}

/**
 * A product with one stored number becomes part of the MatMul that takes it, or of the one that it alone
 * takes (core/optimizer/matmul_scale_fusion.cc).
 */
function fuseScales(
  nodes: readonly Node[],
  constants: ReadonlyMap<string, Value>,
  outputs: ReadonlySet<string>,
): readonly Node[] {
  const readers = readersOf(nodes)
  const products = new Map<string, Value>()
  const unscaled = new Map<string, Value>()
  const scaled = new Map<string, Value>()
  for (const { opType, inputs, outputs: results } of nodes) {
    if (opType === 'MatMul') products.set(results[0]!.name, results[0]!)
    if (opType !== 'Mul') continue
    const [result] = results as [Value]
    const scale = inputs.find(({ name, shape }) => shape.length === 0 && constants.has(name))
    const other = inputs.find((input) => input !== scale)
    if (!scale || !other || outputs.has(result.name)) continue
    const takers = readers.get(result.name) ?? []
    if (takers.every((taker) => taker.opType === 'MatMul')) unscaled.set(result.name, other)
    else if (products.has(other.name) && readers.get(other.name)!.length === 1) {
      scaled.set(other.name, result)
    }
  }
  const removed = new Set([...unscaled.keys(), ...[...scaled.values()].map(({ name }) => name)])
  return nodes
    .filter(({ opType, outputs: [result] }) => opType !== 'Mul' || !removed.has(result!.name))
    .map((node) =>
      node.opType === 'MatMul'
        ? {
            ...node,
            inputs: node.inputs.map((input) => unscaled.get(input.name) ?? input),
            outputs: node.outputs.map((output) => scaled.get(output.name) ?? output),
          }
        : node,
    )
}

function readersOf(nodes: readonly Node[]): ReadonlyMap<string, readonly Node[]> {
  const readers = new Map<string, Node[]>()
  for (const node of nodes) {
    for (const { name } of node.inputs) {
      const known = readers.get(name)
      if (known) known.push(node)
      else readers.set(name, [node])
    }
  }
  return readers
}

function fuseRelus(nodes: readonly Node[], outputs: ReadonlySet<string>): readonly Node[] {
  const readers = readersOf(nodes)
  const left = new Set(nodes)
  const fused: Node[] = []
  for (const node of nodes) {
    if (node.opType !== 'Gemm' && node.opType !== 'Conv') continue
    const { name } = node.outputs[0]!
    const [reader, ...others] = readers.get(name) ?? []
    if (reader?.opType !== 'Relu' || others.length > 0 || outputs.has(name)) continue
    left.delete(node)
    left.delete(reader)
    fused.push({ ...node, outputs: reader.outputs })
  }
  return [...left, ...fused]
}

/**
 * Whether stored integers are multiplied as they are (MatMulNBits), without a dequantized copy: where a
 * product alone takes them that no Relu is fused with.
 */
function isMultipliedQuantized(graph: Graph, dequantize: Node): boolean {
  const takersOf = ({ outputs }: Node) =>
    graph.nodes.filter(({ inputs }) => inputs.some(({ name }) => name === outputs[0]!.name))
  const [product, ...others] = takersOf(dequantize)
  if (!product || others.length > 0) return false
  const isProduct = product.opType === 'Gemm' || product.opType === 'MatMul'
  return isProduct && takersOf(product).every(({ opType }) => opType !== 'Relu')
}

/**
 * The CPU provider computes fp16 in fp32: it casts a stored fp16 tensor that several nodes read at
 * every run (core/optimizer/insert_cast_transformer.cc), one that a single node reads once and for all.
 */
export function widenConstants({ nodes, constants }: OptimizedGraph): OptimizedGraph {
  const casts = constants
    .filter(({ name, dtype }) => {
      const isShared = nodes.filter(({ inputs }) => inputs.some((input) => input.name === name))
      return dtype === 'fp16' && isShared.length > 1
    })
    .map((constant): Node => {
      const wide: Value = { ...constant, name: `${constant.name} in fp32`, dtype: 'fp32' }
      return {
        opType: widening,
        domain: '',
        inputs: [constant],
        outputs: [wide],
        attributes: {},
        phase: 'forward',
      }
    })
  const wide = new Map(casts.map(({ inputs, outputs }) => [inputs[0]!.name, outputs[0]!]))
  const readers = nodes.map((node) => ({
    ...node,
    inputs: node.inputs.map((input) => wide.get(input.name) ?? input),
  }))
  return { nodes: [...readers, ...casts], constants }
}

/** Not an operator of ONNX: its result is a tensor of its own, which that of other casts is not. */
const widening = 'cast of a stored tensor'
