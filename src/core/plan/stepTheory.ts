import { estimateGraphMemory } from '../estimate/onnxGraphMemory'
import { countFlops } from '../onnx/countFlops'
import { elementCount, type Graph } from '../onnx/graph'
import { buildInferenceGraph } from '../onnx/inferenceGraph'
import { buildInt8Graph, calibratedTensors } from '../onnx/int8Graph'
import type { Network, Weights } from '../onnx/networks/network'
import { buildTrainingGraph } from '../onnx/trainingGraph'
import type { StepTheory } from './makePlan'
import { trainingOptionsOf } from './trainingOptionsOf'
import { type GraphTheory, int8ModeOf, type StepKind } from './planStep'

/**
 * Memory and FLOPs of the step's own graph. Weights and clipping thresholds change nothing in them, so
 * any will do.
 */
export const stepTheory: StepTheory = (network, kind, workload, provider): GraphTheory => {
  const graph =
    kind.mode === 'train'
      ? buildTrainingGraph(
          network,
          trainingOptionsOf({ ...workload, ...training(kind), provider }, network),
        ).graph
      : inferenceGraph(network, kind, workload.batchSize, int8ModeOf(provider))
  return {
    memory: estimateGraphMemory(graph, { isCpu: provider === 'cpu' }),
    flops: countFlops(graph),
  }
}

function inferenceGraph(
  network: Network,
  { precision }: StepKind,
  batchSize: number,
  mode: ReturnType<typeof int8ModeOf>,
): Graph {
  const weights = zeroWeights(network)
  if (precision !== 'int8') {
    const stored = precision === 'fp16' ? 'fp16' : 'fp32'
    return buildInferenceGraph(network, weights, { precision: stored, batchSize }).graph
  }
  const fp32 = buildInferenceGraph(network, weights, { precision: 'fp32', batchSize })
  const alphas = Object.fromEntries(calibratedTensors(fp32).map(({ name }) => [name, 1]))
  return buildInt8Graph(network, weights, { mode, batchSize, alphas }).graph
}

function training({ precision, optimizer, method }: StepKind) {
  if (optimizer === null || method === null) throw new Error('training has both')
  return { precision, optimizer, method }
}

/** Memory that is never touched, so that a network of gigabytes costs nothing. */
function zeroWeights({ parameters }: Network): Weights {
  return new Map(parameters.map(({ name, shape }) => [name, new Float32Array(elementCount(shape))]))
}
