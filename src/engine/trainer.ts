import type { ExecutionProvider } from '../core/device'
import { createLossScaler, type LossScaler } from '../core/onnx/lossScaler'
import type { Weights } from '../core/onnx/networks/network'
import { initialFeeds, runScalars } from '../core/onnx/trainingFeeds'
import type { TrainingGraph } from '../core/onnx/trainingGraph'
import { trainingPorts } from '../core/onnx/trainingPorts'
import { createSession, type Feeds, floatsOf, type Tensor, tensorOf } from './onnx'
import { placeState } from './statePlace'

/** What one step learns from: samples one after the other, and what each row should answer. */
export interface TrainingBatch {
  readonly input: ArrayLike<number>
  readonly labels: ArrayLike<number>
}

/**
 * Trains a network step by step. Its state goes through every run: in and out of the host's memory, or,
 * on WebGPU, from buffer to buffer of the device.
 */
export interface Trainer {
  /** One optimizer step; the mean loss of the batch. */
  step(batch: TrainingBatch, learningRate: number): Promise<number>
  /** The mean loss of the batch at the weights of now: a step whose new state is thrown away. */
  loss(batch: TrainingBatch): Promise<number>
  /** What the next step on `batch` would be fed. */
  feeds(batch: TrainingBatch, learningRate: number): Feeds
  /** On the host, wherever they are kept. */
  weights(): Promise<Weights>
  readonly lossScaler: LossScaler
  /** Elements lost to fp16 so far. */
  readonly underflowedElements: number
  release(): Promise<void>
}

/** A trainer that begins at `weights`; what they leave open, such as adapters, is drawn from `seed`. */
export async function createTrainer(
  training: TrainingGraph,
  weights: Weights,
  { provider, seed }: { readonly provider: ExecutionProvider; readonly seed: number },
): Promise<Trainer> {
  const { states, isScaled } = training
  const ports = new Map(training.inputs.map((port) => [port.name, port]))
  const feed = (name: string, values: ArrayLike<number>) => tensorOf(ports.get(name)!, values)
  const lossScaler = createLossScaler()
  const initial = Object.fromEntries(
    [...initialFeeds(training, weights, seed)].map(([name, values]) => [name, feed(name, values)]),
  )
  const place = await placeState(training, provider)
  const session = await createSession(training.model, provider, place.sessionOptions)
  const state = new Map<string, Tensor>(Object.entries(await place.bring(initial)))
  let taken = 0
  let underflowedElements = 0

  function feeds(batch: TrainingBatch, learningRate: number): Feeds {
    const scalars = runScalars(training, {
      stepsTaken: taken,
      learningRates: [learningRate],
      lossScale: lossScaler.scale,
    })
    return {
      ...Object.fromEntries(state),
      ...Object.fromEntries(
        Object.entries(scalars).map(([name, values]) => [name, feed(name, values)]),
      ),
      [trainingPorts.input]: feed(trainingPorts.input, batch.input),
      [trainingPorts.labels]: feed(trainingPorts.labels, batch.labels),
    }
  }

  return {
    lossScaler,
    get underflowedElements() {
      return underflowedElements
    },
    feeds,
    async step(batch, learningRate) {
      const results = await session.run(feeds(batch, learningRate))
      for (const { name, nextName } of states) {
        place.forget(state.get(name)!)
        state.set(name, results[nextName]!)
      }
      const isFinite = !isScaled || floatsOf(results, trainingPorts.isFinite)[0] === 1
      if (isScaled) {
        lossScaler.stepped(isFinite)
        underflowedElements += floatsOf(results, trainingPorts.underflowed)[0]!
      }
      // A skipped step is none to the optimizer's corrections either.
      if (isFinite) taken += 1
      return floatsOf(results, trainingPorts.loss)[0]!
    },
    async loss(batch) {
      const results = await session.run(feeds(batch, 0))
      for (const { nextName } of states) place.forget(results[nextName]!)
      return floatsOf(results, trainingPorts.loss)[0]!
    },
    async weights() {
      const trained = states.filter(({ role }) => role === 'weight')
      const found = await place.fetch(
        Object.fromEntries(trained.map(({ name }) => [name, state.get(name)!])),
      )
      return new Map(
        trained.map(({ name }) => [name, Float32Array.from(found[name]!.data as Float32Array)]),
      )
    },
    async release() {
      for (const tensor of state.values()) place.forget(tensor)
      await session.release()
      await place.release()
    },
  }
}
