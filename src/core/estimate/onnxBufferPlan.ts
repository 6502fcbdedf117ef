import {
  byteCount,
  elementCount,
  type Graph,
  type GraphPhase,
  type Node,
  type Value,
} from '../onnx/graph'
import { roundToGranule } from './bfcArena'
import { type OptimizedGraph, optimizeGraph } from './onnxOptimizedGraph'

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
  /** Allocated and given back during the run; else there throughout: what is fed or stored. */
  readonly isPlanned: boolean
  /** In the order of their beginnings. */
  readonly uses: BufferUse[]
  /** The node after which it is given back. */
  last: number
}

export interface BufferPlanOptions {
  /** The CPU provider computes fp16 in fp32, drops the casts between them, overwrites fewer inputs. */
  readonly isCpu: boolean
  /** Threads that one operator may use on the CPU; convolutions take memory for each. */
  readonly threadCount?: number
}

/** Kernels whose output is their input's buffer. */
const aliasing = new Set(['Reshape', 'Squeeze', 'Unsqueeze', 'Flatten', 'Identity'])
/** Kernels that may write over an input of the output's size (`MayInplace`), on every provider. */
const overwriting = new Set(['Relu', 'Sigmoid', 'Tanh'])
/** Those of the CPU provider, and of GPU providers, besides: none of the latter's arithmetic does. */
const overwritingOnCpu = new Set(['Clip', 'LogSoftmax', 'Softmax'])
const overwritingOnGpu = new Set(['ScatterND'])
interface Held extends Buffer {
  /** Reads that are still to come. */
  reads: number
}

/** @param order the nodes of `optimized` as they will be executed */
export function planBuffers(
  graph: Graph,
  { constants }: OptimizedGraph,
  order: readonly Node[],
  { isCpu }: BufferPlanOptions,
): readonly Buffer[] {
  const narrow = isCpu ? keptNarrow(order) : new Set<string>()
  const bytesOf = (value: Value) => byteCount(widened(value, isCpu && !narrow.has(value.name)))
  const readCounts = countReads(graph, order)
  const packed = isCpu ? packedSizes(order) : new Map<string, number>()
  const outputs = new Set(graph.outputs.map(({ value }) => value.name))
  const end = order.length - 1
  const buffers: Held[] = []
  const places = new Map<string, { buffer: Held; use: BufferUse }>()
  const free = createFreeList((value) => `${bytesOf(value)} ${value.shape.join(' ')}`)

  const place = (value: Value, buffer: Held, phase: GraphPhase | null, first: number) => {
    const use: BufferUse = { value, phase, first, last: first, readBackward: -1 }
    buffer.uses.push(use)
    buffer.reads += readCounts.get(value.name) ?? 0
    places.set(value.name, { buffer, use })
  }
  const add = (bytes: number, isPlanned: boolean): Held => {
    const buffer: Held = { bytes, uses: [], last: end, reads: 0, isPlanned }
    buffers.push(buffer)
    return buffer
  }
  for (const value of graph.inputs) place(value, add(bytesOf(value), false), null, 0)
  for (const value of constants) {
    place(value, add(packed.get(value.name) ?? bytesOf(value), false), null, 0)
  }

  const reusable = (node: Node, output: Value): Held | null => {
    const source = () => places.get(node.inputs[0]!.name)!.buffer
    const isDropped = isCpu && isWidthCast(node) && !narrow.has(node.inputs[0]!.name)
    if (isDropped) return source()
    if (outputs.has(output.name)) return null
    if (aliasing.has(node.opType)) return source()
    if (
      overwriting.has(node.opType) ||
      (isCpu ? overwritingOnCpu : overwritingOnGpu).has(node.opType)
    ) {
      const input = node.inputs.find((candidate) => {
        const { buffer } = places.get(candidate.name)!
        return buffer.isPlanned && buffer.reads === 1 && bytesOf(candidate) === bytesOf(output)
      })
      if (input) return places.get(input.name)!.buffer
    }
    if (output.shape.length === 0) return null
    return free.take(output)
  }

  order.forEach((node, index) => {
    for (const output of node.outputs) {
      const buffer = reusable(node, output) ?? add(roundToGranule(bytesOf(output)), true)
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
      free.put(buffer)
    }
  })
  for (const name of outputs) {
    const { buffer, use } = places.get(name)!
    buffer.last = end
    use.last = end
  }
  return buffers
}

/** Buffers that nobody uses, the last that fell free first; each for tensors like its first alone. */
function createFreeList(keyOf: (value: Value) => string) {
  const byKey = new Map<string, Held[]>()
  return {
    take: (output: Value): Held | null => byKey.get(keyOf(output))?.pop() ?? null,
    put(buffer: Held): void {
      const key = keyOf(buffer.uses[0]!.value)
      const others = (byKey.get(key) ?? []).filter((other) => other !== buffer)
      byKey.set(key, [...others, buffer])
    },
  }
}

/**
 * Bytes of stored weights that the CPU's products put into an order of their own when a session is
 * made, the original given up (core/mlas/lib/sgemm.cpp, qgemm.cpp: MlasGemmPackBSize): columns filled
 * up to a multiple of 16; int8 also rows to one of 4, and a sum per column kept. Int8 that MatMulNBits
 * takes is cut into blocks of 32 rows.
 */
function packedSizes(nodes: readonly Node[]): ReadonlyMap<string, number> {
  const sizes = new Map<string, number>()
  for (const { opType, inputs } of nodes) {
    if (opType === 'Gemm' || opType === 'MatMul') {
      const { name, dtype, shape } = inputs[1]!
      const columns = shape.at(-1) ?? 1
      const rows = elementCount(shape) / columns
      sizes.set(
        name,
        dtype === 'int8'
          ? columns * (rows + blockBytes * Math.ceil(rows / 32))
          : rows * multipleOf(16, columns) * 4,
      )
    } else if (opType === 'QGemm' || opType === 'QLinearConv') {
      const { name, shape } = inputs[3]!
      // [in, out] of a matrix, [out, in, kernel, kernel] of a convolution.
      const columns = opType === 'QGemm' ? shape[1]! : shape[0]!
      const rows = elementCount(shape) / columns
      sizes.set(name, multipleOf(16, columns) * (multipleOf(4, rows) + 4))
    }
  }
  return sizes
}

/** A scale and a sum in fp32. */
const blockBytes = 8

function multipleOf(step: number, count: number): number {
  return Math.ceil(count / step) * step
}

/** Stored tensors up to this size are copied into the arena (core/graph/graph.cc). */
const largestArenaConstantBytes = 127

/**
 * Bytes that ONNX Runtime's profile of a run on the CPU does not count though they are held: what is
 * fed, and stored tensors larger than 127 bytes that were not put into another order.
 */
export function bytesOutsideCpuArena(graph: Graph): number {
  const { nodes, constants } = optimizeGraph(graph)
  const packed = packedSizes(nodes)
  const sizeOf = (value: Value) => byteCount(widened(value, true))
  const stored = constants.filter(
    (value) => !packed.has(value.name) && sizeOf(value) > largestArenaConstantBytes,
  )
  return [...graph.inputs.map(byteCount), ...stored.map(sizeOf)].reduce(
    (sum, each) => sum + each,
    0,
  )
}

/**
 * fp16 tensors that stay so on the CPU: it cuts and turns them without computing, so that only what
 * comes after is cast. What is turned first is turned in fp32, as the cast moves behind it.
 */
function keptNarrow(order: readonly Node[]): ReadonlySet<string> {
  const kept = new Set<string>()
  for (const { opType, inputs, outputs } of order) {
    const isKept = opType === 'Slice' || (opType === 'Transpose' && kept.has(inputs[0]!.name))
    if (isKept && outputs[0]!.dtype === 'fp16') kept.add(outputs[0]!.name)
  }
  return kept
}

function countReads(graph: Graph, order: readonly Node[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>()
  const add = (name: string) => counts.set(name, (counts.get(name) ?? 0) + 1)
  for (const node of order) for (const { name } of node.inputs) add(name)
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
