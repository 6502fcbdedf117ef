import type { Graph, GraphPhase } from '../onnx/graph'
import type { TheoryMemory } from '../run/record'
import { type MemoryTermName, memoryTerms, totalBytes } from './memoryTerms'
import {
  type Buffer,
  type BufferPlanOptions,
  type BufferUse,
  planBuffers,
  workspaceBytes,
} from './onnxBufferPlan'
import { executionOrder } from './onnxExecutionOrder'

const phaseOrder: readonly GraphPhase[] = ['forward', 'loss', 'backward', 'optimizer']

/**
 * Bytes by purpose that ONNX Runtime holds at the peak of one run of `graph`, and at the peak of each
 * of its phases: from the graph alone, node by node in the order of execution. Fed tensors count.
 */
export function estimateGraphMemory(graph: Graph, options: BufferPlanOptions): TheoryMemory {
  const order = executionOrder(graph)
  const isTraining = order.some(({ phase }) => phase === 'backward')
  const buffers = planBuffers(graph, order, options)
  const peaks = phaseOrder
    .filter((name) => order.some(({ phase }) => phase === name))
    .map((phase) => ({ phase, terms: memoryTerms({}), peakBytes: 0 }))
  order.forEach((node, index) => {
    const held = termsAt(buffers, index, isTraining)
    const temporaryBytes = (held.temporaryBytes ?? 0) + workspaceBytes(node, options)
    const terms = memoryTerms({ ...held, temporaryBytes })
    const peak = peaks.find(({ phase }) => phase === node.phase)!
    const peakBytes = totalBytes(terms)
    if (peakBytes > peak.peakBytes) Object.assign(peak, { terms, peakBytes })
  })
  const highest = peaks.reduce((best, peak) => (peak.peakBytes > best.peakBytes ? peak : best))
  return {
    terms: highest.terms,
    peakBytes: highest.peakBytes,
    peakPhase: highest.phase,
    phases: peaks,
  }
}

function termsAt(
  buffers: readonly Buffer[],
  index: number,
  isTraining: boolean,
): Partial<Record<MemoryTermName, number>> {
  const sums: Partial<Record<MemoryTermName, number>> = {}
  for (const { bytes, uses, last } of buffers) {
    if (uses[0]!.first > index || last < index) continue
    const use = uses.findLast(({ first }) => first <= index)!
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
