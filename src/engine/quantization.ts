import { compareLogits } from '../core/accuracy'
import { InputError } from '../core/errors'
import { buildInferenceGraph } from '../core/onnx/inferenceGraph'
import { type Alphas, buildInt8Graph, calibratedTensors } from '../core/onnx/int8Graph'
import { presetNetwork } from '../core/onnx/networks/presets'
import type { ImagePresetName } from '../core/plan/workload'
import type {
  CalibrationMethod,
  QuantizationAccuracy,
  QuantizedNetwork,
} from '../protocol/quantization'
import { calibrateActivations } from './calibrate'
import { computeLogitsOnce } from './evaluate'
import { datasetName, readDigits, readWeights } from './resources'

interface Source {
  readonly preset: ImagePresetName
  readonly resourcesFolder: string
}

/** Every calibrated activation with its error curves, and what each method makes of the test set. */
export async function quantizeNetwork(source: Source): Promise<QuantizedNetwork> {
  const { calibration } = await readDigits(source.resourcesFolder)
  const network = presetNetwork(source.preset)
  const weights = await readWeights(source.resourcesFolder, network)
  const tensors = await calibrateActivations(network, weights, calibration)
  const accuracyOf = (method: CalibrationMethod) =>
    measureQuantizationAccuracy({
      ...source,
      alphas: Object.fromEntries(tensors.map(({ name, alphas }) => [name, alphas[method]])),
    })
  return {
    preset: source.preset,
    dataset: datasetName,
    tensors,
    accuracyByMethod: {
      max: await accuracyOf('max'),
      percentile: await accuracyOf('percentile'),
      leastSquaredError: await accuracyOf('leastSquaredError'),
    },
  }
}

/**
 * Test accuracy of the int8 network with these ranges, on the CPU, which computes in integers.
 * @throws InputError where an activation has no range, or one is named that the network does not have
 */
export async function measureQuantizationAccuracy({
  preset,
  resourcesFolder,
  alphas,
}: Source & { readonly alphas: Alphas }): Promise<QuantizationAccuracy> {
  const { test } = await readDigits(resourcesFolder)
  const network = presetNetwork(preset)
  const weights = await readWeights(resourcesFolder, network)
  const batchSize = test.count
  const fp32 = buildInferenceGraph(network, weights, { precision: 'fp32', batchSize })
  const names = calibratedTensors(fp32).map(({ name }) => name)
  checkNames(names, Object.keys(alphas))
  const mode = 'int8-gemm'
  const int8 = buildInt8Graph(network, weights, { mode, batchSize, alphas })
  const reference = await computeLogitsOnce(fp32, 'cpu', test)
  const compared = compareLogits(await computeLogitsOnce(int8, 'cpu', test), reference, test.labels)
  return { int8Mode: mode, testCount: test.count, ...compared }
}

function checkNames(wanted: readonly string[], given: readonly string[]): void {
  const missing = wanted.find((name) => !given.includes(name))
  const unknown = given.find((name) => !wanted.includes(name))
  if (missing === undefined && unknown === undefined) return
  throw new InputError({
    code: missing === undefined ? 'UNKNOWN_FIELD' : 'MISSING_FIELD',
    path: `alphas.${missing ?? unknown}`,
    message: `give one alpha for each of ${wanted.join(', ')}`,
  })
}
