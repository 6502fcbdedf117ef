import type { Graph, Value } from './graph'
import type { Network } from './networks/network'
import { defaultOptimizerSettings, type OptimizerScalars } from './optimizers'
import { add, mul, where } from './ops/elementwise'
import { reshape } from './ops/reshape'
import { reduceSum } from './ops/sum'
import type { TrainingOptions } from './trainingOptions'
import { trainingPorts } from './trainingPorts'
import type { MicroBatch } from './trainingStep'

/** The part of a run's feeds that one of its steps takes. */
export interface StepFeeds {
  readonly batches: readonly MicroBatch[]
  readonly scalars: OptimizerScalars
  readonly lossScale: Value | null
}

export interface RunFeeds {
  /**
   * To be asked for step after step.
   * @param wasFinite whether the step before was taken; null: without question
   */
  ofStep(index: number, wasFinite: Value | null): StepFeeds
}

/** Declares what a run is fed besides its state, and deals it out to its steps. */
export function stepInputs(
  graph: Graph,
  network: Network,
  { batchSize, accumulationSteps = 1, stepCount = 1, settings }: TrainingOptions,
  { hasMoments, isScaled }: { readonly hasMoments: boolean; readonly isScaled: boolean },
): RunFeeds {
  const { beta1, beta2 } = settings ?? defaultOptimizerSettings
  const batchCount = stepCount * accumulationSteps
  const batches = declareBatches(graph, network, { batchSize, batchCount })
  const learningRate = graph.input(trainingPorts.learningRate, 'fp32', [stepCount])
  const single = (name: string) => reshape(graph, graph.input(name, 'fp32', [1]), [])
  const fed = hasMoments
    ? [single(trainingPorts.correction1), single(trainingPorts.correction2)]
    : null
  const lossScale = isScaled ? single(trainingPorts.lossScale) : null
  const next = corrections(graph, fed, [beta1, beta2])

  return {
    ofStep: (index, wasFinite) => {
      const [correction1 = null, correction2 = null] = next(wasFinite)
      return {
        batches: batches.slice(index * accumulationSteps, (index + 1) * accumulationSteps),
        scalars: {
          learningRate: element(graph, learningRate, index),
          correction1,
          correction2,
        },
        lossScale,
      }
    },
  }
}

/** Any rate that changes weights; and any scale that keeps gradients finite. */
const [probeLearningRate, probeLossScale] = [1e-4, 2 ** 10]

/** Declares the one batch that a probe is fed, which each of its steps takes; the rest is constant. */
export function probeInputs(
  graph: Graph,
  network: Network,
  { batchSize, accumulationSteps = 1, settings }: TrainingOptions,
  { hasMoments, isScaled }: { readonly hasMoments: boolean; readonly isScaled: boolean },
): RunFeeds {
  const { beta1, beta2 } = settings ?? defaultOptimizerSettings
  const batches = declareBatches(graph, network, { batchSize, batchCount: accumulationSteps })
  const constant = (value: number) => graph.scalar(value, 'fp32')
  const next = corrections(graph, hasMoments ? [constant(0), constant(0)] : null, [beta1, beta2])
  return {
    ofStep: (_, wasFinite) => {
      const [correction1 = null, correction2 = null] = next(wasFinite)
      const scalars = { learningRate: constant(probeLearningRate), correction1, correction2 }
      return { batches, scalars, lossScale: isScaled ? constant(probeLossScale) : null }
    },
  }
}

function declareBatches(
  graph: Graph,
  network: Network,
  { batchSize, batchCount }: { readonly batchSize: number; readonly batchCount: number },
): readonly MicroBatch[] {
  const isTokens = network.inputType === 'tokens'
  const input = graph.input(trainingPorts.input, isTokens ? 'int32' : 'fp32', [
    batchCount * batchSize,
    ...network.inputShape,
  ])
  const rows = batchSize * network.rowsPerSample
  const labels = graph.input(trainingPorts.labels, 'int32', [batchCount * rows])
  return Array.from({ length: batchCount }, (_, place) => ({
    input: taken(graph, input, place * batchSize, batchSize),
    labels: taken(graph, labels, place * rows, rows),
  }))
}

/**
 * `count` rows of x from `start` on. By their numbers, for ONNX Runtime makes of slices that cover x one
 * Split, which WebGPU has not for integers.
 */
function taken(graph: Graph, x: Value, start: number, count: number): Value {
  if (count === x.shape[0]) return x
  const rows = graph.shared(`${start} to ${start + count}`, 'int32', [count], () =>
    Int32Array.from({ length: count }, (_, index) => start + index),
  )
  return graph.withoutRecording(() =>
    graph.apply('Gather', [x, rows], { shape: x.shape.with(0, count) }),
  )
}

/** One of a vector's elements, []: the sum of all but that times 0. */
function element(graph: Graph, vector: Value, index: number): Value {
  const [count] = vector.shape as [number]
  if (count === 1) return reshape(graph, vector, [])
  const chosen = graph.constant(
    'fp32',
    [count],
    Array.from({ length: count }, (_, place) => (place === index ? 1 : 0)),
  )
  return reduceSum(graph, mul(graph, vector, chosen), [0])
}

/**
 * 1 − βᵗ of step after step, for each β: c ← β·c + (1 − β), which loses no digits where βᵗ is close to
 * 1, and not at all after a step that was skipped.
 */
export function corrections(
  graph: Graph,
  fed: readonly Value[] | null,
  betas: readonly number[],
): (wasFinite: Value | null) => readonly Value[] {
  let before = fed ?? []
  let after: readonly Value[] | null = null
  return (wasFinite) =>
    graph.inPhase('optimizer', () => {
      if (after) {
        const taken = after
        before = wasFinite
          ? before.map((value, index) => where(graph, wasFinite, taken[index]!, value))
          : taken
      }
      after = before.map((value, index) => {
        const beta = betas[index]!
        const kept = mul(graph, value, graph.scalar(beta, 'fp32'))
        return add(graph, kept, graph.scalar(1 - beta, 'fp32'))
      })
      return after
    })
}
