import type { OptimizerName } from '../plan/workload'
import { encodeModel } from './encodeModel'
import { gradients } from './gradients'
import { Graph, type Role, type Value } from './graph'
import { checkBatchSize, type GraphPort } from './inferenceGraph'
import type { Network, ParameterValues } from './networks/network'
import {
  defaultOptimizerSettings,
  hasMoments,
  type OptimizerScalars,
  type OptimizerSettings,
  optimizerStateNames,
  updateParameter,
} from './optimizers'
import { crossEntropy } from './ops/crossEntropy'
import { abs, add, and, cast, equal, lessOrEqual, mul, not, where } from './ops/elementwise'
import { reduceSum } from './ops/sum'

export type TrainingPrecision = 'fp32' | 'fp16-mixed'

export interface TrainingOptions {
  /** fp16-mixed: forward and backward in fp16, weights and optimizer in fp32, the loss scaled. */
  readonly precision: TrainingPrecision
  readonly batchSize: number
  readonly optimizer: OptimizerName
  readonly settings?: OptimizerSettings
}

/** A tensor that one step takes and the next gets back, changed. */
export interface TrainingState {
  /** Of the input. */
  readonly name: string
  /** Of the output with its new value. */
  readonly nextName: string
  readonly shape: readonly number[]
  readonly role: Extract<Role, 'weight' | 'optimizerState'>
  /** The parameter it belongs to; optimizer states start at 0. */
  readonly parameter: string
}

export interface TrainingGraph {
  readonly graph: Graph
  readonly inputs: readonly GraphPort[]
  readonly outputs: readonly GraphPort[]
  readonly states: readonly TrainingState[]
  readonly hasMoments: boolean
  readonly isScaled: boolean
  readonly model: Uint8Array
}

/** Names of what is fed and fetched besides the state. */
export const trainingPorts = {
  input: 'input',
  /** int32 [batchSize · rowsPerSample]. */
  labels: 'labels',
  learningRate: 'learningRate',
  inverseCorrection1: 'inverseCorrection1',
  inverseRootCorrection2: 'inverseRootCorrection2',
  lossScale: 'lossScale',
  /** Mean over the batch, unscaled. */
  loss: 'loss',
  /** 1 where every gradient is finite; else 0 and the state comes back unchanged. */
  isFinite: 'isFinite',
  /** Elements of the logits' gradient that were not 0 in fp32 and are 0 in fp16. */
  underflowed: 'underflowed',
} as const

/** The largest finite fp32 number. */
const maxFloat = 3.4028234663852886e38

/**
 * One optimizer step as a graph: state, batch and step-dependent scalars in, loss and new state out,
 * all of them fp32. Which scalars are fed follows from `hasMoments` and `isScaled`.
 * Throws InputError where the batch size is not a whole number from 1.
 */
export function buildTrainingGraph(
  network: Network,
  { precision, batchSize, optimizer, settings = defaultOptimizerSettings }: TrainingOptions,
): TrainingGraph {
  checkBatchSize(batchSize)
  const isScaled = precision === 'fp16-mixed'
  const graph = new Graph(`${network.name} ${precision} ${optimizer} training step`)
  const isTokens = network.inputType === 'tokens'
  const input = graph.input(trainingPorts.input, isTokens ? 'int32' : 'fp32', [
    batchSize,
    ...network.inputShape,
  ])
  const labels = graph.input(trainingPorts.labels, 'int32', [batchSize * network.rowsPerSample])
  const scalar = (name: string) => graph.input(name, 'fp32', [])
  const scalars: OptimizerScalars = {
    learningRate: scalar(trainingPorts.learningRate),
    inverseCorrection1: hasMoments(optimizer) ? scalar(trainingPorts.inverseCorrection1) : null,
    inverseRootCorrection2: hasMoments(optimizer)
      ? scalar(trainingPorts.inverseRootCorrection2)
      : null,
  }
  const lossScale = isScaled ? scalar(trainingPorts.lossScale) : null
  const weights = new Map(
    network.parameters.map(({ name, shape }) => [name, graph.input(name, 'fp32', shape, 'weight')]),
  )

  const forward = (parameters: ParameterValues, x: Value) => network.forward(graph, x, parameters)
  const found = lossScale
    ? scaledGradients(graph, forward, { weights, labels, lossScale, input, isTokens })
    : plainGradients(graph, forward, { weights, labels, input })

  const states: TrainingState[] = []
  const carry = (value: Value, next: Value, state: Omit<TrainingState, 'name' | 'nextName'>) => {
    // A step whose gradients overflowed must leave no trace.
    const kept = found.isFinite ? where(graph, found.isFinite, next, value) : next
    const nextName = `${value.name}.next`
    graph.output(nextName, graph.withRole(kept, state.role))
    states.push({ name: value.name, nextName, ...state })
  }
  graph.inPhase('optimizer', () => {
    graph.withoutRecording(() => {
      network.parameters.forEach(({ name, shape }, index) => {
        const weight = weights.get(name)!
        const before = optimizerStateNames[optimizer].map((state) =>
          graph.input(`${name}.${state}`, 'fp32', shape, 'optimizerState'),
        )
        const gradient = found.gradients[index]!
        const after = updateParameter(
          graph,
          optimizer,
          { weight, gradient, states: before },
          scalars,
          settings,
        )
        carry(weight, after.weight, { shape, role: 'weight', parameter: name })
        before.forEach((state, place) =>
          carry(state, after.states[place]!, { shape, role: 'optimizerState', parameter: name }),
        )
      })
    })
  })
  graph.output(trainingPorts.loss, found.loss)
  if (found.isFinite) graph.output(trainingPorts.isFinite, cast(graph, found.isFinite, 'fp32'))
  if (found.underflowed) graph.output(trainingPorts.underflowed, found.underflowed)
  return {
    graph,
    inputs: graph.inputs,
    outputs: graph.outputs.map(({ name, value }) => ({ ...value, name })),
    states,
    hasMoments: hasMoments(optimizer),
    isScaled,
    model: encodeModel(graph),
  }
}

interface FoundGradients {
  readonly loss: Value
  /** fp32, unscaled, in the order of the parameters. */
  readonly gradients: readonly Value[]
  readonly isFinite: Value | null
  readonly underflowed: Value | null
}

type Forward = (parameters: ParameterValues, input: Value) => Value

function plainGradients(
  graph: Graph,
  forward: Forward,
  { weights, labels, input }: { weights: ParameterValues; labels: Value; input: Value },
): FoundGradients {
  const logits = forward(weights, input)
  const loss = graph.inPhase('loss', () => crossEntropy(graph, logits, labels))
  const found = gradients(graph, loss, [...weights.values()])
  return {
    loss,
    gradients: found.map((gradient) => asGradient(graph, gradient)),
    isFinite: null,
    underflowed: null,
  }
}

/** Micikevicius et al. 2018: the loss is computed in fp32, its gradient scaled, then cast to fp16. */
function scaledGradients(
  graph: Graph,
  forward: Forward,
  {
    weights,
    labels,
    lossScale,
    input,
    isTokens,
  }: {
    weights: ParameterValues
    labels: Value
    lossScale: Value
    input: Value
    isTokens: boolean
  },
): FoundGradients {
  const halves = new Map([...weights].map(([name, weight]) => [name, cast(graph, weight, 'fp16')]))
  const logits = forward(halves, isTokens ? input : cast(graph, input, 'fp16'))
  const [wide, loss] = graph.inPhase('loss', () => {
    const wideLogits = cast(graph, logits, 'fp32')
    return [wideLogits, crossEntropy(graph, wideLogits, labels)] as const
  })
  const [wideGradient] = gradients(graph, loss, [wide], lossScale)
  const narrow = graph.inPhase('backward', () => cast(graph, wideGradient!, 'fp16'))
  const scaled = gradients(graph, logits, [...weights.values()], narrow)
  return graph.inPhase('backward', () =>
    graph.withoutRecording(() => {
      const inverse = graph.applyMany('Reciprocal', [lossScale], [{ shape: [], dtype: 'fp32' }])[0]!
      const isFinite = lessOrEqual(
        graph,
        absoluteSum(graph, scaled),
        graph.scalar(maxFloat, 'fp32'),
      )
      return {
        loss,
        gradients: scaled.map((gradient) => asGradient(graph, mul(graph, gradient, inverse))),
        isFinite,
        underflowed: countUnderflowed(graph, wideGradient!, narrow),
      }
    }),
  )
}

/** Σ |g| over all elements of all tensors: not finite where one element is not. */
function absoluteSum(graph: Graph, values: readonly Value[]): Value {
  return values
    .map((value) => reduceSum(graph, abs(graph, value), [...value.shape.keys()]))
    .reduce((sum, each) => add(graph, sum, each))
}

function countUnderflowed(graph: Graph, wide: Value, narrow: Value): Value {
  const isLost = and(
    graph,
    equal(graph, cast(graph, narrow, 'fp32'), graph.scalar(0, 'fp32')),
    not(graph, equal(graph, wide, graph.scalar(0, 'fp32'))),
  )
  return reduceSum(graph, cast(graph, isLost, 'fp32'), [...wide.shape.keys()])
}

function asGradient(graph: Graph, value: Value): Value {
  return graph.withRole(value, 'gradient')
}
