import type { Node } from '../onnx/graph'

/**
 * The order in which ONNX Runtime executes nodes by default: depth first backwards from the
 * nodes that nobody reads, the latest of them and the latest of each node's sources first
 * (GraphViewer, core/graph/graph_viewer.cc; Graph::ReverseDFSFrom, core/graph/graph.cc).
 */
export function executionOrder(nodes: readonly Node[]): readonly Node[] {
  const producers = new Map<string, number>()
  nodes.forEach((node, index) => {
    for (const { name } of node.outputs) producers.set(name, index)
  })
  const sourcesOf = nodes.map((node) => {
    const sources = node.inputs.flatMap(({ name }) => producers.get(name) ?? [])
    return [...new Set(sources)].toSorted((a, b) => a - b)
  })
  const isRead = new Set(sourcesOf.flat())
  const stack = nodes.flatMap((_, index) =>
    isRead.has(index) ? [] : [{ index, isLeaving: false }],
  )
  const visited = new Set<number>()
  const order: Node[] = []
  for (let entry = stack.pop(); entry; entry = stack.pop()) {
    const { index, isLeaving } = entry
    if (isLeaving) {
      order.push(nodes[index]!)
      continue
    }
    if (visited.has(index)) continue
    visited.add(index)
    stack.push({ index, isLeaving: true })
    for (const source of sourcesOf[index]!) {
      if (!visited.has(source)) stack.push({ index: source, isLeaving: false })
    }
  }
  return order
}
