import { backpropagate } from './gradients'
import type { Graph, Value } from './graph'
import { after } from './ops/after'

/**
 * `build(x)`, of which only x is kept for the backward pass, which computes the rest again (Chen et al.
 * 2016). `parameters` are the other values that `build` reads and that gradients may be asked for.
 * The second computation waits for the gradient of the result: ONNX Runtime would otherwise recognise
 * it as the first one's and keep that.
 */
export function checkpoint(
  graph: Graph,
  x: Value,
  parameters: readonly Value[],
  build: (x: Value) => Value,
): Value {
  const y = graph.withoutRecording(() => build(x))
  graph.differentiateAs('checkpoint', [x, ...parameters], y, (dy, isNeeded) => {
    const again = after(graph, x, [dy])
    const { result, tape } = graph.recordingApart(() => build(again))
    const inputs = [again, ...parameters]
    const wrt = inputs.filter((_, index) => isNeeded[index])
    const found = backpropagate(graph, tape, { from: result, gradient: dy, wrt })
    return inputs.map((input) => {
      const place = wrt.indexOf(input)
      return place < 0 ? null : found[place]!
    })
  })
  return y
}
