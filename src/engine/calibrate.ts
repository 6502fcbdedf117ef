import type { DigitsSplit } from '../core/datasets/digits'
import type { LabelledImages } from '../core/datasets/labelledImages'
import type { ExecutionProvider } from '../core/device'
import type { InferenceGraph } from '../core/onnx/inferenceGraph'
import {
  type Alphas,
  buildCalibrationGraph,
  buildInt8Graph,
  calibratedTensors,
  type Int8Mode,
} from '../core/onnx/int8Graph'
import type { Network, Weights } from '../core/onnx/networks/network'
import { int8ModeOf } from '../core/plan/planStep'
import { type Calibration, calibrateTensor } from '../core/quantize/calibrate'
import { createSession, floatsOf, tensorOf } from './onnx'

/** Runs the fp32 network over the calibration images and looks at what its int8 layers would take. */
export async function calibrateActivations(
  network: Network,
  weights: Weights,
  images: LabelledImages,
): Promise<Calibration[]> {
  const graph = buildCalibrationGraph(network, weights, images.count)
  const session = await createSession(graph.model, 'cpu')
  const input = graph.inputs[0]!
  const results = await session.run({ [input.name]: tensorOf(input, images.pixels) })
  await session.release()
  return calibratedTensors(graph).map(({ name }) => calibrateTensor(name, floatsOf(results, name)))
}

/** The least squared error over the calibration images decides the ranges of the benchmark. */
export async function buildCalibratedGraph({
  network,
  weights,
  digits,
  batchSize,
  provider,
}: {
  readonly network: Network
  readonly weights: Weights
  readonly digits: DigitsSplit
  readonly batchSize: number
  readonly provider: ExecutionProvider
}): Promise<InferenceGraph & { readonly mode: Int8Mode }> {
  const mode = int8ModeOf(provider)
  const activations =
    mode === 'int8-gemm' ? await calibrateActivations(network, weights, digits.calibration) : []
  const alphas: Alphas = Object.fromEntries(
    activations.map(({ name, alphas }) => [name, alphas.leastSquaredError]),
  )
  return { ...buildInt8Graph(network, weights, { mode, batchSize, alphas }), mode }
}
