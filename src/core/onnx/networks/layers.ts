import type { Graph, Value } from '../graph'
import { conv, type ConvOptions } from '../ops/conv'
import { linear } from '../ops/matmul'
import { parameterOf, type ParameterValues } from './network'

/**
 * How a network multiplies with its weights: plainly, or as a training method wraps it (adapters,
 * a quantized base, fake quantization). A layer called `name` has the parameters `${name}.weight` and,
 * with a bias, `${name}.bias`.
 */
export interface Layers {
  linear(graph: Graph, x: Value, name: string, parameters: ParameterValues): Value
  conv(
    graph: Graph,
    x: Value,
    name: string,
    parameters: ParameterValues,
    options: ConvOptions,
  ): Value
}

export const plainLayers: Layers = {
  linear: (graph, x, name, parameters) =>
    linear(graph, x, parameterOf(parameters, `${name}.weight`), biasOf(parameters, name)),
  conv: (graph, x, name, parameters, options) =>
    conv(graph, x, parameterOf(parameters, `${name}.weight`), biasOf(parameters, name), options),
}

export function biasOf(parameters: ParameterValues, name: string): Value | null {
  return parameters.get(`${name}.bias`) ?? null
}

/** What is left to whoever builds the graph. */
export interface ForwardOptions {
  readonly layers: Layers
  /** Activations within a block are computed again for the backward pass, not kept. */
  readonly isCheckpointed: boolean
}

export const plainForward: ForwardOptions = { layers: plainLayers, isCheckpointed: false }
