import type { Graph, TapeEntry, Value } from './graph'
import { add } from './ops/elementwise'

/**
 * Reverse mode: the gradients of `loss` with respect to `wrt`, in the order of `wrt`. Adds the nodes
 * of the backward pass to the graph, in phase `backward`.
 *
 * `outputGradient` (of the loss's shape) is what the loss itself is multiplied with, such as a loss
 * scale; 1 where it is left out.
 * Throws where `loss` does not depend on one of them, or only through an operator without gradient.
 */
export function gradients(
  graph: Graph,
  loss: Value,
  wrt: readonly Value[],
  outputGradient: Value = ones(graph, loss),
): Value[] {
  return graph.inPhase('backward', () =>
    backpropagate(graph, graph.tape, { from: loss, gradient: outputGradient, wrt }).map(
      (gradient, index) => {
        if (!gradient) throw new Error(`${loss.name} does not depend on ${wrt[index]!.name}`)
        return gradient
      },
    ),
  )
}

/** The same over any tape; null where `from` does not depend on one of `wrt`. */
export function backpropagate(
  graph: Graph,
  tape: readonly TapeEntry[],
  { from, gradient, wrt }: { from: Value; gradient: Value; wrt: readonly Value[] },
): (Value | null)[] {
  return graph.withoutRecording(() => {
    const dependent = dependents(tape, wrt)
    const found = new Map([[from.name, gradient]])
    for (const entry of tape.toReversed()) {
      const reached = found.get(entry.output.name)
      if (!reached || !dependent.has(entry.output.name)) continue
      if (!entry.backward) throw new Error(`${entry.opType} has no gradient`)
      const isNeeded = entry.inputs.map((input) => dependent.has(input.name))
      const contributions = entry.backward(reached, isNeeded)
      entry.inputs.forEach((input, index) => {
        const contribution = contributions[index]
        if (!contribution || !isNeeded[index]) return
        const before = found.get(input.name)
        found.set(input.name, before ? add(graph, before, contribution) : contribution)
      })
    }
    return wrt.map((value) => found.get(value.name) ?? null)
  })
}

/** Names of all values that change when one of `wrt` changes. */
function dependents(tape: readonly TapeEntry[], wrt: readonly Value[]): ReadonlySet<string> {
  const names = new Set(wrt.map(({ name }) => name))
  for (const { inputs, output } of tape) {
    if (inputs.some(({ name }) => names.has(name))) names.add(output.name)
  }
  return names
}

function ones(graph: Graph, loss: Value): Value {
  if (loss.shape.length > 0) throw new Error(`${loss.name} is not a scalar: state its gradient`)
  return graph.scalar(1, loss.dtype)
}
