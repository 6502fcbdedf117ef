import { describe, expect, it } from 'vitest'
import { measureGraphPeak, threadCount } from '../../../test/onnx/measureGraphPeak'
import type { Graph } from '../onnx/graph'
import { buildInferenceGraph } from '../onnx/inferenceGraph'
import { buildInt8Graph, calibratedTensors } from '../onnx/int8Graph'
import { initializeParameters, parameterCount } from '../onnx/networks/network'
import { presetNetwork } from '../onnx/networks/presets'
import { buildTrainingGraph } from '../onnx/trainingGraph'
import { imagePresetNames } from '../plan/workload'
import { totalBytes } from './memoryTerms'
import { estimateGraphMemory } from './onnxGraphMemory'

const batchSizes = [1, 64, 256]
const cases = imagePresetNames.flatMap((preset) =>
  [
    { mode: 'infer', precision: 'fp32' } as const,
    { mode: 'infer', precision: 'fp16' } as const,
    { mode: 'infer', precision: 'int8-gemm' } as const,
    { mode: 'infer', precision: 'int8-weights' } as const,
    { mode: 'train', precision: 'fp32' } as const,
    { mode: 'train', precision: 'fp16-mixed' } as const,
  ].flatMap((kind) => batchSizes.map((batchSize) => ({ preset, ...kind, batchSize }))),
)

function build({ preset, batchSize, ...kind }: (typeof cases)[number]) {
  const network = presetNetwork(preset)
  if (kind.mode === 'train') {
    return buildTrainingGraph(network, { ...kind, batchSize, optimizer: 'adamw' })
  }
  const weights = initializeParameters(network, 0)
  const { precision } = kind
  if (precision === 'fp32' || precision === 'fp16') {
    return buildInferenceGraph(network, weights, { precision, batchSize })
  }
  const fp32 = buildInferenceGraph(network, weights, { precision: 'fp32', batchSize })
  const alphas = Object.fromEntries(calibratedTensors(fp32).map(({ name }) => [name, 1]))
  return buildInt8Graph(network, weights, { mode: precision, batchSize, alphas })
}

describe('what ONNX Runtime’s own profile of the CPU provider says, within 1 %', () => {
  // Training in fp16 within 5 %: where the CPU provider casts between its nodes is not all modelled.
  it.each(cases)('$preset $mode $precision, batch $batchSize', async (each) => {
    const isMixed = each.precision === 'fp16-mixed'
    expect(await relativeError(build(each))).toBeLessThan(isMixed ? 0.05 : 0.01)
  })
})

async function relativeError({ graph }: { graph: Graph }) {
  const theory = estimateGraphMemory(graph, { isCpu: true, threadCount })
  return Math.abs(theory.peakBytes / (await measureGraphPeak(graph)) - 1)
}

it.each(cases)('$preset $mode $precision, batch $batchSize: terms add up', (each) => {
  const theory = estimateGraphMemory(build(each).graph, { isCpu: true, threadCount })
  expect(totalBytes(theory.terms)).toBe(theory.peakBytes)
  expect(Math.min(...Object.values(theory.terms))).toBe(0)
  for (const { terms, peakBytes } of theory.phases) expect(totalBytes(terms)).toBe(peakBytes)
  const highest = theory.phases.find(({ phase }) => phase === theory.peakPhase)!
  expect(highest.peakBytes).toBe(Math.max(...theory.phases.map(({ peakBytes }) => peakBytes)))
})

it('holds the state of a training step twice at its end, the second copy as a term of its own', () => {
  const network = presetNetwork('digits-mlp')
  const { graph } = build({ preset: 'digits-mlp', mode: 'train', precision: 'fp32', batchSize: 1 })
  const { phases } = estimateGraphMemory(graph, { isCpu: false })
  const { terms } = phases.find(({ phase }) => phase === 'optimizer')!
  const bytes = 4 * parameterCount(network)
  expect(terms.weightsBytes).toBe(bytes)
  expect(terms.optimizerStatesBytes).toBe(2 * bytes)
  // At its peak both moments are there, and some weights: tensors take whole multiples of 256 bytes.
  expect(terms.stateCopyBytes).toBeGreaterThan(2 * bytes)
  expect(terms.stateCopyBytes).toBeLessThan(3 * bytes + 3 * 3 * 256)
})

it('is carried by activations where the batch is large', () => {
  const { graph } = build({
    preset: 'digits-cnn',
    mode: 'infer',
    precision: 'fp32',
    batchSize: 256,
  })
  const { terms } = estimateGraphMemory(graph, { isCpu: true })
  // input 256 · 64, first convolution 256 · 16 · 64, second 256 · 32 · 16, each 4 bytes
  expect(terms.activationsBytes).toBe(4 * 256 * (64 + 16 * 64 + 32 * 16))
})

it('counts the fed weights as weights in every phase, also where fp16 reads them through no cast', () => {
  const { graph } = build({
    preset: 'digits-mlp',
    mode: 'train',
    precision: 'fp16-mixed',
    batchSize: 64,
  })
  const weightBytes = 4 * parameterCount(presetNetwork('digits-mlp'))
  for (const { phase, terms } of estimateGraphMemory(graph, { isCpu: true }).phases) {
    expect(terms.weightsBytes, phase).toBeGreaterThanOrEqual(weightBytes)
  }
})
