import {
  byteCount,
  type Graph,
  type GraphPhase,
  type Node,
  sameShape,
  type Value,
} from '../onnx/graph'

/**
 * Which tensors share a buffer, and how long each buffer is held: ONNX Runtime's allocation planner
 * (core/framework/allocation_planner.cc, ComputeReusePlan). An output takes over the buffer of an
 * input that the kernel may overwrite and nobody else needs, or else one of its own shape that has
 * fallen free, which is therefore not given back in between; only then is a new one allocated.
 */

/** One use of a buffer by one tensor. */
export interface BufferUse {
  readonly value: Value
  /** Phase of the node that writes it; null for what is there from the beginning. */
  readonly phase: GraphPhase | null
  readonly first: number
  /** The last node that needs the tensor. */
  last: number
  /** The last node of the backward pass that reads it, or −1. */
  readBackward: number
}

export interface Buffer {
  readonly bytes: number
  /** In the order of their beginnings. */
  readonly uses: BufferUse[]
  /** The node after which it is given back. */
  last: number
}

export interface BufferPlanOptions {
  /**
   * The CPU provider computes fp16 in fp32 and drops the casts between them, overwrites fewer inputs,
   * and its Where builds both of its sides before it joins them.
   */
  readonly isCpu: boolean
}

/** Kernels whose output is their input's buffer. */
const aliasing = new Set(['Reshape', 'Squeeze', 'Unsqueeze', 'Flatten', 'Identity'])
/** Kernels that may write over an input of the output's size (`MayInplace`), on every provider. */
const overwriting = new Set([
  'Abs',
  'Clip',
  'Exp',
  'Log',
  'LogSoftmax',
  'Neg',
  'Reciprocal',
  'Relu',
  'Sigmoid',
  'Softmax',
  'Sqrt',
  'Tanh',
])
/** Those of GPU providers besides. */
const overwritingOnGpu = new Set(['Add', 'And', 'Cast', 'Div', 'Mul', 'Sub'])
/** Arenas hand out multiples of this many bytes (core/framework/bfc_arena.h). */
const arenaGranule = 256

interface Held extends Buffer {
  /** Reads that are still to come. */
  reads: number
  readonly isPlanned: boolean
}

export function planBuffers(
  graph: Graph,
  order: readonly Node[],
  { isCpu }: BufferPlanOptions,
): readonly Buffer[] {
  const bytesOf = (value: Value) => byteCount(widened(value, isCpu))
  const readCounts = countReads(graph)
  const outputs = new Set(graph.outputs.map(({ value }) => value.name))
  const end = order.length - 1
  const buffers: Held[] = []
  const places = new Map<string, { buffer: Held; use: BufferUse }>()
  let free: Held[] = []

  const place = (value: Value, buffer: Held, phase: GraphPhase | null, first: number) => {
    const use: BufferUse = { value, phase, first, last: first, readBackward: -1 }
    buffer.uses.push(use)
    buffer.reads += readCounts.get(value.name) ?? 0
    places.set(value.name, { buffer, use })
  }
  const allocate = (value: Value, isPlanned: boolean): Held => {
    const bytes = isPlanned ? roundUp(bytesOf(value)) : bytesOf(value)
    const buffer: Held = { bytes, uses: [], last: end, reads: 0, isPlanned }
    buffers.push(buffer)
    return buffer
  }
  for (const value of [...graph.inputs, ...graph.initializers.map((each) => each.value)]) {
    place(value, allocate(value, false), null, 0)
  }

  const reusable = (node: Node, output: Value): Held | null => {
    const isDropped = isCpu && isWidthCast(node)
    if (aliasing.has(node.opType) || isDropped) return places.get(node.inputs[0]!.name)!.buffer
    if (outputs.has(output.name)) return null
    if (overwriting.has(node.opType) || (!isCpu && overwritingOnGpu.has(node.opType))) {
      const input = node.inputs.find((candidate) => {
        const { buffer } = places.get(candidate.name)!
        return buffer.isPlanned && buffer.reads === 1 && bytesOf(candidate) === bytesOf(output)
      })
      if (input) return places.get(input.name)!.buffer
    }
    const found = free.find(({ bytes, uses }) => {
      return bytes === roundUp(bytesOf(output)) && sameShape(uses.at(-1)!.value.shape, output.shape)
    })
    if (found) free = free.filter((buffer) => buffer !== found)
    return found ?? null
  }

  order.forEach((node, index) => {
    for (const output of node.outputs) {
      const buffer = reusable(node, output) ?? allocate(output, true)
      place(output, buffer, node.phase, index)
    }
    const touched = new Set<Held>()
    for (const { name } of node.inputs) {
      const { buffer, use } = places.get(name)!
      use.last = index
      if (node.phase === 'backward') use.readBackward = index
      buffer.reads -= 1
      touched.add(buffer)
    }
    for (const { name } of node.outputs) touched.add(places.get(name)!.buffer)
    for (const buffer of touched) {
      if (!buffer.isPlanned || buffer.reads > 0) continue
      buffer.last = index
      free = [buffer, ...free.filter((other) => other !== buffer)]
    }
  })
  for (const name of outputs) {
    const { buffer, use } = places.get(name)!
    buffer.last = end
    use.last = end
  }
  return buffers
}

/** What nodes allocate besides their outputs, for as long as they run. */
export function workspaceBytes(node: Node, { isCpu }: BufferPlanOptions): number {
  if (!isCpu || node.opType !== 'Where') return 0
  return 2 * roundUp(byteCount(widened(node.outputs[0]!, true)))
}

function roundUp(bytes: number): number {
  return Math.ceil(bytes / arenaGranule) * arenaGranule
}

function countReads(graph: Graph): ReadonlyMap<string, number> {
  const counts = new Map<string, number>()
  const add = (name: string) => counts.set(name, (counts.get(name) ?? 0) + 1)
  for (const node of graph.nodes) for (const { name } of node.inputs) add(name)
  // Whoever called is the last reader of an output.
  for (const { value } of graph.outputs) add(value.name)
  return counts
}

function widened(value: Value, isCpu: boolean): Value {
  return isCpu && value.dtype === 'fp16' ? { ...value, dtype: 'fp32' } : value
}

function isWidthCast({ opType, inputs, outputs }: Node): boolean {
  const isFloat = ({ dtype }: Value) => dtype === 'fp16' || dtype === 'fp32'
  return opType === 'Cast' && isFloat(inputs[0]!) && isFloat(outputs[0]!)
}
