import { InputError } from '../errors'
import { encodeModel } from './encodeModel'
import { Graph, type Value } from './graph'
import type { Network, Weights } from './networks/network'
import { cast } from './ops/elementwise'

export interface InferenceOptions {
  /** What weights are stored and computed in; fp16 still takes and gives fp32. */
  readonly precision: 'fp32' | 'fp16'
  readonly batchSize: number
}

/** A tensor that `session.run` takes or gives. */
export interface GraphPort {
  readonly name: string
  readonly dtype: Value['dtype']
  readonly shape: readonly number[]
}

export interface InferenceGraph {
  readonly graph: Graph
  readonly inputs: readonly GraphPort[]
  readonly outputs: readonly GraphPort[]
  /** The file that a session is made of; encoded when it is asked for. */
  readonly model: Uint8Array
}

/**
 * The network with its weights stored in the model: `input` [batchSize, ...inputShape] fp32 (tokens:
 * int32) to `logits` [batchSize · rowsPerSample, classCount] fp32.
 * Throws InputError where the batch size is not a whole number from 1.
 */
export function buildInferenceGraph(
  network: Network,
  weights: Weights,
  { precision, batchSize }: InferenceOptions,
): InferenceGraph {
  checkBatchSize(batchSize)
  const graph = new Graph(`${network.name} ${precision} inference`)
  const inputType = network.inputType === 'tokens' ? 'int32' : 'fp32'
  const input = graph.input('input', inputType, [batchSize, ...network.inputShape])
  const parameters = new Map(
    network.parameters.map(({ name, shape }) => [
      name,
      graph.initializer(name, precision, shape, weightsOf(weights, name), 'weight'),
    ]),
  )
  const compute = network.inputType === 'tokens' ? input : cast(graph, input, precision)
  const logits = cast(graph, network.forward(graph, compute, parameters), 'fp32')
  graph.output('logits', logits)
  return {
    graph,
    inputs: [{ name: input.name, dtype: input.dtype, shape: input.shape }],
    outputs: [{ name: 'logits', dtype: logits.dtype, shape: logits.shape }],
    get model() {
      return encodeModel(graph)
    },
  }
}

/** Throws InputError where a batch cannot have this size. */
export function checkBatchSize(batchSize: number): void {
  if (Number.isInteger(batchSize) && batchSize >= 1) return
  throw new InputError({
    code: 'INVALID_VALUE',
    path: 'batchSize',
    message: `a batch of ${batchSize} cannot be run; give a whole number from 1`,
  })
}

function weightsOf(weights: Weights, name: string): Float32Array {
  const values = weights.get(name)
  if (!values) throw new Error(`there are no weights for ${name}`)
  return values
}
