import { frozenValues } from './frozenWeights'
import { elementCount } from './graph'
import { initializeTensors, type Weights } from './networks/network'
import { isFed } from './parameterPlan'
import type { TrainingGraph } from './trainingGraph'
import { trainingPorts } from './trainingPorts'

/**
 * The scalars that a run is fed besides its batches and state, by name, each for a port of one axis.
 * @param stepsTaken by all runs before, skipped ones not counted
 * @param learningRates of each of the run's steps
 * @param lossScale used where the graph scales its loss
 */
export function runScalars(
  { hasMoments, isScaled, settings }: Pick<TrainingGraph, 'hasMoments' | 'isScaled' | 'settings'>,
  {
    stepsTaken,
    learningRates,
    lossScale,
  }: {
    readonly stepsTaken: number
    readonly learningRates: readonly number[]
    readonly lossScale: number
  },
): Readonly<Record<string, readonly number[]>> {
  return {
    [trainingPorts.learningRate]: learningRates,
    ...(hasMoments
      ? {
          [trainingPorts.correction1]: [1 - settings.beta1 ** stepsTaken],
          [trainingPorts.correction2]: [1 - settings.beta2 ** stepsTaken],
        }
      : {}),
    ...(isScaled ? { [trainingPorts.lossScale]: [lossScale] } : {}),
  }
}

/**
 * What a first run is fed besides its batches and scalars, by name: the state at its beginning and all
 * that is frozen. Adapters start at `seed`'s values, so that they change nothing yet.
 * @param weights of the network, whatever is trained of it
 */
export function initialFeeds(
  { states, frozen, trained }: Pick<TrainingGraph, 'states' | 'frozen' | 'trained'>,
  weights: Weights,
  seed: number,
): ReadonlyMap<string, Float32Array> {
  const adapters = initializeTensors(
    trained.filter(({ name }) => !weights.has(name)),
    seed,
  )
  const feeds = new Map<string, Float32Array>()
  for (const { name, parameter, shape } of states) {
    const given =
      parameter === null ? undefined : (weights.get(parameter) ?? adapters.get(parameter))
    feeds.set(name, given ?? new Float32Array(elementCount(shape)))
  }
  for (const tensor of frozen.filter(isFed))
    feeds.set(tensor.name, frozenValues(tensor, frozen, weights))
  return feeds
}
