import type { Architecture, ModelHead } from '../models/architecture'
import { linearElements, parameterCount } from '../models/layerShape'
import type { JobQuantization } from './job'
import { linearLayers, namesModule } from './linearNames'
import { quantizedBytesPerElement } from './quantizedWidth'

export interface StoredWeights {
  readonly parameterCount: number
  readonly bytes: number
  /** Bytes in quantized matrices, their scales included; 0 where nothing is quantized. */
  readonly quantizedBytes: number
  readonly quantizedCount: number
}

/**
 * The base model's weights as they are stored: quantized matrices in their scheme, the rest in
 * `width` bytes an element. Linear layers are quantized but for the output head and those in
 * `skip`; experts count as linear layers; GGUF also quantizes embedding and head.
 */
export function storedWeights(
  a: Architecture,
  head: ModelHead,
  quantization: JobQuantization | null,
  width: number,
): StoredWeights {
  const count = parameterCount(a, head)
  if (!quantization) {
    return { parameterCount: count, bytes: count * width, quantizedBytes: 0, quantizedCount: 0 }
  }
  let quantizedCount = 0
  let quantizedBytes = 0
  const add = (elements: number, inputSize: number, outputSize: number) => {
    quantizedCount += elements
    quantizedBytes += elements * quantizedBytesPerElement(quantization, inputSize, outputSize)
  }
  if (quantization.scheme === 'gguf') {
    add(count, a.hiddenSize, a.hiddenSize)
    return { parameterCount: count, bytes: quantizedBytes, quantizedBytes, quantizedCount }
  }
  for (const { shape, count: layers } of linearLayers(a, head)) {
    if (quantization.skip.some((skipped) => namesModule(skipped, shape.name))) continue
    add(layers * shape.inputSize * shape.outputSize, shape.inputSize, shape.outputSize)
  }
  if (a.experts) {
    const { expertCount, expertIntermediateSize, denseLayerCount } = a.experts
    const matrices = a.mlp.gated ? 3 : 2
    const layers = a.layerCount - denseLayerCount
    add(
      layers * matrices * expertCount * expertIntermediateSize * a.hiddenSize,
      a.hiddenSize,
      expertIntermediateSize,
    )
  }
  return {
    parameterCount: count,
    bytes: quantizedBytes + (count - quantizedCount) * width,
    quantizedBytes,
    quantizedCount,
  }
}

/** Parameters of LoRA adapters: `rank × (inputs + outputs)` for each adapted layer (Hu et al. 2021, §4.1). */
export function adapterParameterCount(
  a: Architecture,
  head: ModelHead,
  rank: number,
  targets: (name: string) => boolean,
): number {
  return linearLayers(a, head).reduce(
    (sum, { shape, count }) =>
      targets(shape.name) ? sum + count * rank * (shape.inputSize + shape.outputSize) : sum,
    0,
  )
}

/** Parameters of the modules that PEFT copies to train them beside the adapters. */
export function savedModuleParameterCount(
  a: Architecture,
  head: ModelHead,
  trainsModule: (name: string) => boolean,
): number {
  const width = a.embedding.projectedFrom ?? a.hiddenSize
  const table = a.embedding.vocabSize * width
  const linears = linearLayers(a, head).reduce(
    (sum, { shape, count }) =>
      trainsModule(shape.name) ? sum + count * linearElements(shape) : sum,
    0,
  )
  return (
    linears +
    (trainsModule(a.moduleNames.embedding) ? table : 0) +
    (trainsModule(a.moduleNames.head) ? table + (a.head.bias ? a.embedding.vocabSize : 0) : 0)
  )
}

/** Elements of the largest single matrix: what per-tensor optimizers hold temporaries of. */
export function largestMatrixElements(a: Architecture, head: ModelHead): number {
  const table = a.embedding.vocabSize * (a.embedding.projectedFrom ?? a.hiddenSize)
  return linearLayers(a, head).reduce(
    (largest, { shape }) => Math.max(largest, shape.inputSize * shape.outputSize),
    table,
  )
}
