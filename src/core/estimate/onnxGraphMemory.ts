import type { Graph, GraphPhase } from '../onnx/graph'
import type { TheoryMemory } from '../run/record'
import { type Chunk, createArena } from './bfcArena'
import { type MemoryTermName, memoryTerms, totalBytes } from './memoryTerms'
import { type Buffer, type BufferPlanOptions, type BufferUse, planBuffers } from './onnxBufferPlan'
import { executionOrder } from './onnxExecutionOrder'
import { optimizeGraph, widenConstants } from './onnxOptimizedGraph'
import { cpuWorkspace } from './onnxWorkspace'

const phaseOrder: readonly GraphPhase[] = ['forward', 'loss', 'backward', 'optimizer']

/**
 * Bytes by purpose that ONNX Runtime holds at the peak of one run of `graph`, and at the peak of each
 * of its phases: from the graph alone, node by node in the order of execution, in an arena that deals
 * out memory as its own does. Fed and stored tensors count. `runtimeOverheadBytes` is what the arena
 * hands out beyond what was asked for.
 */
export function estimateGraphMemory(graph: Graph, options: BufferPlanOptions): TheoryMemory {
  const { isCpu, threadCount = 1 } = options
  const optimized = isCpu ? widenConstants(optimizeGraph(graph)) : optimizeGraph(graph)
  const order = executionOrder(optimized.nodes)
  const isTraining = order.some(({ phase }) => phase === 'backward')
  const buffers = planBuffers(graph, optimized, order, options)
  const planned = buffers.filter(({ isPlanned }) => isPlanned)
  const peaks = phaseOrder
    .filter((name) => order.some(({ phase }) => phase === name))
    .map((phase) => ({ phase, terms: memoryTerms({}), peakBytes: 0 }))
  const arena = createArena()
  const chunks = new Map<Buffer, Chunk>()
  order.forEach((node, index) => {
    const workspace = isCpu ? cpuWorkspace(node, optimized.constants, threadCount) : null
    const scratch = (workspace?.beforeOutput ?? []).map((bytes) => arena.allocate(bytes))
    for (const buffer of planned) {
      if (buffer.uses[0]!.first === index) chunks.set(buffer, arena.allocate(buffer.bytes))
    }
    for (const bytes of workspace?.afterOutput ?? []) scratch.push(arena.allocate(bytes))
    const held = termsAt(buffers, index, isTraining)
    const scratchBytes = bytesOf(scratch)
    const askedBytes = bytesOf(planned.filter(holdsAt(index)))
    const terms = memoryTerms({
      ...held,
      temporaryBytes: (held.temporaryBytes ?? 0) + scratchBytes,
      runtimeOverheadBytes: arena.inUseBytes - askedBytes - scratchBytes,
    })
    const peak = peaks.find(({ phase }) => phase === node.phase)!
    const peakBytes = totalBytes(terms)
    if (peakBytes > peak.peakBytes) Object.assign(peak, { terms, peakBytes })
    for (const chunk of scratch) arena.free(chunk)
    for (const buffer of planned) if (buffer.last === index) arena.free(chunks.get(buffer)!)
  })
  const highest = peaks.reduce((best, peak) => (peak.peakBytes > best.peakBytes ? peak : best))
  return {
    terms: highest.terms,
    peakBytes: highest.peakBytes,
    peakPhase: highest.phase,
    phases: peaks,
  }
}

function bytesOf(pieces: readonly { readonly bytes: number }[]): number {
  return pieces.reduce((sum, { bytes }) => sum + bytes, 0)
}

function holdsAt(index: number): (buffer: Buffer) => boolean {
  return ({ uses, last }) => uses[0]!.first <= index && last >= index
}

function termsAt(
  buffers: readonly Buffer[],
  index: number,
  isTraining: boolean,
): Partial<Record<MemoryTermName, number>> {
  const sums: Partial<Record<MemoryTermName, number>> = {}
  for (const { bytes, uses } of buffers.filter(holdsAt(index))) {
    // What is fed or stored stays what it is, whatever is read through its buffer.
    const use = uses[0]!.phase === null ? uses[0]! : uses.findLast(({ first }) => first <= index)!
    // Between two uses a buffer is held for nobody.
    const term =
      use.last >= index || use.phase === null ? termOf(use, index, isTraining) : 'temporaryBytes'
    sums[term] = (sums[term] ?? 0) + bytes
  }
  return sums
}

/** What a tensor is held for at a moment: what a later backward node reads is an activation. */
function termOf(
  { value, phase, readBackward }: BufferUse,
  index: number,
  isTraining: boolean,
): MemoryTermName {
  switch (value.role) {
    case 'weight':
      return 'weightsBytes'
    case 'gradient':
      return 'gradientsBytes'
    case 'optimizerState':
      return 'optimizerStatesBytes'
    case 'activation':
    case 'input':
      return 'activationsBytes'
    case 'constant':
      return 'temporaryBytes'
    case 'temporary': {
      if (!isTraining) return 'activationsBytes'
      const isForward = phase === 'forward' || phase === 'loss'
      return isForward && readBackward >= index ? 'activationsBytes' : 'temporaryBytes'
    }
  }
}
