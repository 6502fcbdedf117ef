import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { InferenceSession } from 'onnxruntime-node'
import { describe, expect, it } from 'vitest'
import { feedTensor } from '../../../test/onnx/runGraph'
import { tinyGpt2, tinyLlama } from '../../../test/onnx/tinyDecoders'
import { parseOrtProfile } from '../../engine/ortProfile'
import { elementCount, type Graph } from '../onnx/graph'
import { buildInferenceGraph } from '../onnx/inferenceGraph'
import { buildInt8Graph, calibratedTensors } from '../onnx/int8Graph'
import { gptDecoder } from '../onnx/networks/gptDecoder'
import { initializeParameters, parameterCount } from '../onnx/networks/network'
import { presetNetwork } from '../onnx/networks/presets'
import { buildTrainingGraph } from '../onnx/trainingGraph'
import { presetNames } from '../plan/workload'
import { totalBytes } from './memoryTerms'
import { bytesOutsideCpuArena } from './onnxBufferPlan'
import { estimateGraphMemory } from './onnxGraphMemory'

const threadCount = 2
const batchSizes = [1, 64, 256]
const cases = presetNames.flatMap((preset) =>
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

it.each([tinyGpt2, tinyLlama])('a training step of $name, within 5 %', async (config) => {
  const network = gptDecoder({ ...config, hiddenSize: 64, intermediateSize: 256 }, 8)
  const training = buildTrainingGraph(network, {
    precision: 'fp32',
    batchSize: 16,
    optimizer: 'adamw',
  })
  expect(await relativeError(training)).toBeLessThan(0.05)
})

async function relativeError({ graph, model }: { graph: Graph; model: Uint8Array }) {
  const theory = estimateGraphMemory(graph, { isCpu: true, threadCount })
  const measuredBytes = (await measureArenaPeak(graph, model)) + bytesOutsideCpuArena(graph)
  return Math.abs(theory.peakBytes / measuredBytes - 1)
}

/** Bytes in use at most, in two runs; zeros are fed. */
async function measureArenaPeak(graph: Graph, model: Uint8Array): Promise<number> {
  const folder = await mkdtemp(join(tmpdir(), 'headroom-profile-'))
  const session = await InferenceSession.create(model, {
    intraOpNumThreads: threadCount,
    enableMemPattern: false,
    enableProfiling: true,
    profileFilePrefix: join(folder, 'ort'),
  })
  const feeds = Object.fromEntries(
    graph.inputs.map((input) => [
      input.name,
      feedTensor(input, new Float32Array(elementCount(input.shape))),
    ]),
  )
  await session.run(feeds)
  await session.run(feeds)
  session.endProfiling()
  await session.release()
  const [file] = await readdir(folder)
  const { peakBytes } = parseOrtProfile(await readFile(join(folder, file!), 'utf8'), 'cpu')
  await rm(folder, { recursive: true })
  return peakBytes!
}

it.each(cases)('$preset $mode $precision, batch $batchSize: terms add up', (each) => {
  const theory = estimateGraphMemory(build(each).graph, { isCpu: true, threadCount })
  expect(totalBytes(theory.terms)).toBe(theory.peakBytes)
  expect(Math.min(...Object.values(theory.terms))).toBe(0)
  for (const { terms, peakBytes } of theory.phases) expect(totalBytes(terms)).toBe(peakBytes)
  const highest = theory.phases.find(({ phase }) => phase === theory.peakPhase)!
  expect(highest.peakBytes).toBe(Math.max(...theory.phases.map(({ peakBytes }) => peakBytes)))
})

it('holds weights and states of a training step twice at its end: those that were fed, those returned', () => {
  const network = presetNetwork('digits-mlp')
  const { graph } = build({ preset: 'digits-mlp', mode: 'train', precision: 'fp32', batchSize: 1 })
  const { phases } = estimateGraphMemory(graph, { isCpu: false })
  const { terms } = phases.find(({ phase }) => phase === 'optimizer')!
  const bytes = 4 * parameterCount(network)
  // Returned tensors take whole multiples of 256 bytes: three biases at most 255 more each.
  expect(terms.optimizerStatesBytes).toBeGreaterThan(2 * 2 * bytes - 1)
  expect(terms.optimizerStatesBytes).toBeLessThan(2 * 2 * bytes + 2 * 3 * 256)
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
