import { encodeModel } from './encodeModel'
import { Graph } from './graph'
import type { GraphPort } from './inferenceGraph'

/** A graph that gives what it takes: it brings tensors to a device, or back, as its session is asked to. */
export interface CopyGraph {
  /** Of the output with the tensor that is fed as `name`. */
  readonly outputName: (name: string) => string
  readonly model: Uint8Array
}

export function buildCopyGraph(ports: readonly GraphPort[]): CopyGraph {
  const graph = new Graph('copy')
  const outputName = (name: string) => `${name}.copy`
  for (const { name, dtype, shape } of ports) {
    const value = graph.input(name, dtype, shape)
    graph.output(outputName(name), graph.apply('Identity', [value], { shape }))
  }
  return { outputName, model: encodeModel(graph) }
}
