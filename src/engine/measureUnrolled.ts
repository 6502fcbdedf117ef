import type { Network } from '../core/onnx/networks/network'
import { buildTrainingProbe, probePorts } from '../core/onnx/trainingProbe'
import type { TrainingOptions } from '../core/onnx/trainingOptions'
import { trainingPorts } from '../core/onnx/trainingPorts'
import type { EngineEvent, StepRequest } from '../protocol/engineContract'
import { measureOptions } from './measureOptions'
import { createSession, tensorOf } from './onnx'
import type { TrainingBatch } from './trainer'

/** Steps of the two graphs. */
const [short, long] = [1, 3] as const

/** Each graph takes this share of the time of the measured step … */
const timeShare = 0.15
/** … but is run often enough for an interval of its median, and no more often than helps it. */
const [leastRuns, mostRuns] = [6, 200] as const

/** The first runs allocate what the others use again. */
const warmupRuns = 2

/**
 * Times training steps whose state is made in the graph and stays there, in graphs of one step and of
 * three, one after the other so that only one is in memory. Says nothing on other providers than CPU
 * and CUDA, and nothing where the graphs cannot be run: the step itself has been measured before.
 */
export async function* measureUnrolled(
  network: Network,
  options: TrainingOptions,
  batch: TrainingBatch,
  request: StepRequest,
): AsyncGenerator<EngineEvent> {
  const { provider, processIndex } = request
  if (processIndex !== 0 || (provider !== 'cpu' && provider !== 'cuda')) return
  yield { type: 'phase', phase: 'unrolled' }
  try {
    const shortSamplesMs = yield* timeRuns(
      network,
      { ...options, stepCount: short },
      batch,
      request,
    )
    const longSamplesMs = yield* timeRuns(network, { ...options, stepCount: long }, batch, request)
    const unrolled = {
      shortStepCount: short,
      longStepCount: long,
      shortSamplesMs,
      longSamplesMs,
    }
    yield { type: 'update', update: { unrolled } }
  } catch {
    // Too little memory beside what the process holds already: unknown, then.
  }
}

/** Breaks off after any run, if nobody asks for the next. */
async function* timeRuns(
  network: Network,
  options: TrainingOptions,
  { input, labels }: TrainingBatch,
  request: StepRequest,
): AsyncGenerator<EngineEvent, number[]> {
  const { inputs, model } = buildTrainingProbe(network, options)
  const values = new Map<string, ArrayLike<number>>([
    [trainingPorts.input, input],
    [trainingPorts.labels, labels],
    [probePorts.seed, [request.seed]],
  ])
  const feeds = Object.fromEntries(
    inputs.map((port) => [port.name, tensorOf(port, values.get(port.name)!)]),
  )
  const budgetMs = timeShare * measureOptions(request).measuredMs
  const session = await createSession(model, request.provider)
  const samplesMs: number[] = []
  try {
    let began = performance.now()
    for (let run = -warmupRuns; run < mostRuns; run += 1) {
      const start = performance.now()
      if (run === 0) began = start
      if (run >= leastRuns && start - began >= budgetMs) break
      await session.run(feeds)
      if (run >= 0) samplesMs.push(performance.now() - start)
      // Whoever watches for hangs hears of each run, and may end it there.
      yield { type: 'progress', fraction: 1, remainingMs: null, throughputPerSecond: null }
    }
  } finally {
    await session.release()
  }
  return samplesMs
}
