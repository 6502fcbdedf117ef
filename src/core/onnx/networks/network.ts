import type { Random } from '../../random'
import { createRandom } from '../../random'
import { elementCount, type Graph, type Value } from '../graph'
import type { ForwardOptions } from './layers'

export type Initialization =
  | { readonly type: 'zeros' }
  | { readonly type: 'ones' }
  /** Evenly between −bound and bound. */
  | { readonly type: 'uniform'; readonly bound: number }
  | { readonly type: 'normal'; readonly standardDeviation: number }

export interface Parameter {
  readonly name: string
  /** Of a linear layer [inputs, outputs]; of a convolution [out, in, kernel, kernel]. */
  readonly shape: readonly number[]
  readonly initialization: Initialization
}

/** The values that a graph knows a network's parameters by. */
export type ParameterValues = ReadonlyMap<string, Value>

/** Trained or initial parameters by name, row by row. */
export type Weights = ReadonlyMap<string, Float32Array>

export interface Network {
  readonly name: string
  readonly parameters: readonly Parameter[]
  /** Of one sample, without the batch. */
  readonly inputShape: readonly number[]
  /** `float`: in the type that the network computes in; `tokens`: int32 indices. */
  readonly inputType: 'float' | 'tokens'
  /** Rows of logits that one sample gives: 1 for a classifier, its length for a language model. */
  readonly rowsPerSample: number
  readonly classCount: number
  /** Linear layers that may get adapters or a quantized weight; the output head is none of them. */
  readonly adaptableLayers: readonly string[]
  /**
   * Logits [batch · rowsPerSample, classCount] of `input` [batch, ...inputShape], in the type of the
   * parameters, which all have the same.
   */
  forward(graph: Graph, input: Value, parameters: ParameterValues, options?: ForwardOptions): Value
}

export function parameterCount(network: Network): number {
  return network.parameters.reduce((sum, { shape }) => sum + elementCount(shape), 0)
}

/** The same weights on every machine for the same seed. */
export function initializeParameters(network: Network, seed: number): Weights {
  return initializeTensors(network.parameters, seed)
}

export function initializeTensors(parameters: readonly Parameter[], seed: number): Weights {
  const random = createRandom(seed)
  return new Map(
    parameters.map(({ name, shape, initialization }) => [
      name,
      Float32Array.from({ length: elementCount(shape) }, () => draw(initialization, random)),
    ]),
  )
}

function draw(initialization: Initialization, random: Random): number {
  switch (initialization.type) {
    case 'zeros':
      return 0
    case 'ones':
      return 1
    case 'uniform':
      return initialization.bound * (2 * random.uniform() - 1)
    case 'normal':
      return initialization.standardDeviation * random.normal()
  }
}

/** Keeps the variance through a ReLU layer: √(6 ÷ inputs) (He et al. 2015, equation 10). */
export function heUniform(inputCount: number): Initialization {
  return { type: 'uniform', bound: Math.sqrt(6 / inputCount) }
}

/** The value of a parameter that the network itself declares. */
export function parameterOf(parameters: ParameterValues, name: string): Value {
  const value = parameters.get(name)
  if (!value) throw new Error(`the graph has no parameter ${name}`)
  return value
}
