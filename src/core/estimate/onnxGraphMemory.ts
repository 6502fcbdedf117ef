import type { Graph, GraphPhase } from '../onnx/graph'
import type { TheoryMemory } from '../run/record'
import { type Arena, type Chunk, createArena } from './bfcArena'
import { type MemoryTermName, memoryTerms, totalBytes } from './memoryTerms'
import type { Buffer, BufferPlanOptions, BufferUse } from './onnxBufferPlan'
import { cpuWorkspace } from './onnxWorkspace'
import { type PlannedGraph, planGraph } from './plannedGraph'

const phaseOrder: readonly GraphPhase[] = ['forward', 'loss', 'backward', 'optimizer']

/**
 * Bytes by purpose that ONNX Runtime holds at the peak of one run of `graph`, and at the peak of each
 * of its phases: from the graph alone, node by node in the order of execution, in an arena that deals
 * out memory as its own does. Fed and stored tensors count: on a GPU they lie in the arena, too.
 * `runtimeOverheadBytes` is what the arena hands out beyond what was asked for.
 */
export function estimateGraphMemory(graph: Graph, options: BufferPlanOptions): TheoryMemory {
  return plannedMemory(planGraph(graph, options), options)
}

/** As `estimateGraphMemory`, of a graph that was planned with the same options. */
export function plannedMemory(
  { graph, optimized, order, buffers }: PlannedGraph,
  { isCpu, threadCount = 1 }: BufferPlanOptions,
): TheoryMemory {
  const isTraining = order.some(({ phase }) => phase === 'backward')
  const planned = buffers.filter(({ isPlanned }) => isPlanned)
  const peaks = phaseOrder
    .filter((name) => order.some(({ phase }) => phase === name))
    .map((phase) => ({ phase, terms: memoryTerms({}), peakBytes: 0 }))
  const arena = createArena()
  const chunks = new Map<Buffer, Chunk>()
  const held = termsOverTime(buffers, order.length, { isTraining, givesState: givesState(graph) })
  const beginning = groupBy(planned, ({ uses }) => uses[0]!.first)
  const ending = groupBy(planned, ({ last }) => last)
  let askedBytes = isCpu ? 0 : allocateFixed(arena, graph, buffers)
  order.forEach((node, index) => {
    const workspace = isCpu ? cpuWorkspace(node, optimized.constants, threadCount) : null
    const scratch = (workspace?.beforeOutput ?? []).map((bytes) => arena.allocate(bytes))
    for (const buffer of beginning.get(index) ?? []) {
      chunks.set(buffer, arena.allocate(buffer.bytes))
      askedBytes += buffer.bytes
    }
    for (const bytes of workspace?.afterOutput ?? []) scratch.push(arena.allocate(bytes))
    const scratchBytes = bytesOf(scratch)
    const now = held(index)
    const terms = memoryTerms({
      ...now,
      temporaryBytes: now.temporaryBytes + scratchBytes,
      runtimeOverheadBytes: arena.inUseBytes - askedBytes - scratchBytes,
    })
    const peak = peaks.find(({ phase }) => phase === node.phase)!
    const peakBytes = totalBytes(terms)
    if (peakBytes > peak.peakBytes) Object.assign(peak, { terms, peakBytes })
    for (const chunk of scratch) arena.free(chunk)
    for (const buffer of ending.get(index) ?? []) {
      arena.free(chunks.get(buffer)!)
      askedBytes -= buffer.bytes
    }
  })
  const highest = peaks.reduce((best, peak) => (peak.peakBytes > best.peakBytes ? peak : best))
  return {
    terms: highest.terms,
    peakBytes: highest.peakBytes,
    peakPhase: highest.phase,
    phases: peaks,
    // The CPU's arena is shared with what loading a model takes, which no graph tells.
    reservedPeakBytes: isCpu ? null : arena.heldBytes,
  }
}

/** What is stored is there before what is fed. Its bytes, as they were asked for. */
function allocateFixed(arena: Arena, graph: Graph, buffers: readonly Buffer[]): number {
  const inputs = new Set(graph.inputs.map(({ name }) => name))
  const isFed = ({ uses }: Buffer) => inputs.has(uses[0]!.value.name)
  const fixed = buffers.filter(({ isPlanned }) => !isPlanned)
  const inOrder = [...fixed.filter((each) => !isFed(each)), ...fixed.filter(isFed)]
  for (const { bytes } of inOrder) arena.allocate(bytes)
  return bytesOf(inOrder)
}

function bytesOf(pieces: readonly { readonly bytes: number }[]): number {
  return pieces.reduce((sum, { bytes }) => sum + bytes, 0)
}

function groupBy(
  buffers: readonly Buffer[],
  keyOf: (buffer: Buffer) => number,
): ReadonlyMap<number, readonly Buffer[]> {
  const groups = new Map<number, Buffer[]>()
  for (const buffer of buffers) {
    const group = groups.get(keyOf(buffer))
    if (group) group.push(buffer)
    else groups.set(keyOf(buffer), [buffer])
  }
  return groups
}

/** What is held while each of `count` nodes runs; to be asked for node after node, from the first. */
function termsOverTime(
  buffers: readonly Buffer[],
  count: number,
  kind: GraphKind,
): (index: number) => Record<MemoryTermName, number> {
  const changes = Array.from({ length: count + 1 }, (): [MemoryTermName, number][] => [])
  for (const buffer of buffers) {
    for (const { first, last, term } of spans(buffer, kind)) {
      if (first > last) continue
      changes[first]!.push([term, buffer.bytes])
      changes[last + 1]!.push([term, -buffer.bytes])
    }
  }
  const sums = { ...memoryTerms({}) }
  return (index) => {
    for (const [term, bytes] of changes[index]!) sums[term] += bytes
    return sums
  }
}

interface GraphKind {
  readonly isTraining: boolean
  /** Whether it takes weights and optimizer states and gives new ones back. */
  readonly givesState: boolean
}

function givesState({ outputs }: Graph): boolean {
  return outputs.some(({ value: { role } }) => role === 'weight' || role === 'optimizerState')
}

interface Span {
  readonly first: number
  /** The last node through which it is held for this. */
  readonly last: number
  readonly term: MemoryTermName
}

/** What a buffer is held for, from its first use to its end. */
function spans({ uses, last }: Buffer, kind: GraphKind): readonly Span[] {
  // What is fed or stored stays what it is, whatever is read through its buffer.
  if (uses[0]!.phase === null) {
    return [{ first: uses[0]!.first, last, term: termOf(uses[0]!, kind).later }]
  }
  return uses.flatMap((use, place) => {
    const end = (uses[place + 1]?.first ?? last + 1) - 1
    const { early, later } = termOf(use, kind)
    const readUntil = Math.min(Math.max(use.readBackward, use.first - 1), use.last, end)
    const usedUntil = Math.min(use.last, end)
    return [
      { first: use.first, last: readUntil, term: early },
      { first: readUntil + 1, last: usedUntil, term: later },
      // Between two uses a buffer is held for nobody.
      { first: usedUntil + 1, last: end, term: 'temporaryBytes' },
    ]
  })
}

/**
 * What a tensor is held for, until the last node of the backward pass has read it and later: what such
 * a node still is to read is an activation.
 */
function termOf(
  { value, phase }: BufferUse,
  { isTraining, givesState }: GraphKind,
): { readonly early: MemoryTermName; readonly later: MemoryTermName } {
  const always = (term: MemoryTermName) => ({ early: term, later: term })
  // What was fed is never overwritten: new state lies beside it.
  const isCopy = givesState && phase !== null
  switch (value.role) {
    case 'weight':
      return always(isCopy ? 'stateCopyBytes' : 'weightsBytes')
    case 'gradient':
      return always('gradientsBytes')
    case 'optimizerState':
      return always(isCopy ? 'stateCopyBytes' : 'optimizerStatesBytes')
    case 'activation':
    case 'input':
      return always('activationsBytes')
    case 'constant':
      return always('temporaryBytes')
    case 'temporary': {
      if (!isTraining) return always('activationsBytes')
      const isForward = phase === 'forward' || phase === 'loss'
      return isForward
        ? { early: 'activationsBytes', later: 'temporaryBytes' }
        : always('temporaryBytes')
    }
  }
}
