import type { InferenceSession } from 'onnxruntime-node'
import type { Network, Weights } from '../../src/core/onnx/networks/network'
import { initialFeeds, runScalars } from '../../src/core/onnx/trainingFeeds'
import { buildTrainingGraph } from '../../src/core/onnx/trainingGraph'
import type { TrainingOptions } from '../../src/core/onnx/trainingOptions'
import { type Feeds, type Fetches, startGraph } from './runGraph'

/** Trains on the CPU provider unless told otherwise, the state going through every run. */

export interface Batch {
  readonly input: ArrayLike<number>
  readonly labels: ArrayLike<number>
}

export interface TrainingRun {
  readonly losses: readonly number[]
  /** After the last run: weights, optimizer states and what is frozen. */
  readonly state: ReadonlyMap<string, ArrayLike<number>>
  /** What the last run answered. */
  readonly last: Fetches
}

export interface RunOptions extends TrainingOptions {
  readonly learningRate: number
  readonly lossScale?: number
  readonly seed?: number
  readonly session?: InferenceSession.SessionOptions
}

/** @param batches one for each run, of all its steps and micro-batches */
export async function runTraining(
  network: Network,
  weights: Weights,
  batches: Iterable<Batch>,
  { learningRate, lossScale = 1, seed = 0, session = {}, ...options }: RunOptions,
): Promise<TrainingRun> {
  const training = buildTrainingGraph(network, options, weights)
  const runner = await startGraph(training.graph, session)
  const state = new Map<string, ArrayLike<number>>(initialFeeds(training, weights, seed))
  const losses: number[] = []
  let last: Fetches = {}
  let stepsTaken = 0
  for (const batch of batches) {
    const scalars = runScalars(training, {
      stepsTaken,
      learningRates: Array.from({ length: training.stepCount }, () => learningRate),
      lossScale,
    })
    const feeds: Feeds = { ...Object.fromEntries(state), ...scalars, ...batch }
    last = await runner.run(feeds)
    for (const { name, nextName } of training.states) state.set(name, last[nextName]!)
    stepsTaken += training.isScaled
      ? last.isFinite!.reduce((sum, each) => sum + each, 0)
      : training.stepCount
    losses.push(...last.loss!)
  }
  await runner.release()
  return { losses, state, last }
}
