import type { Architecture, ModelHead } from './architecture'
import { perArchitecture } from './perArchitecture'

/** A linear layer: `outputSize × inputSize` weights, and as many biases as outputs where it has them. */
export interface LinearShape {
  readonly name: string
  readonly inputSize: number
  readonly outputSize: number
  readonly bias: boolean
}

export interface AttentionShape {
  /** Query, key, value; one entry where they are fused; DeepSeek's low-rank chain in order of use. */
  readonly inputs: readonly LinearShape[]
  readonly output: LinearShape
  /** Elements of norms inside: over queries and keys, over the compressed cache; of learned sinks. */
  readonly normElements: number
}

export interface ExpertsShape {
  readonly routerElements: number
  /** All experts of a layer: two stacked matrices that are no linear layers to LoRA. */
  readonly expertElements: number
  readonly shared: readonly LinearShape[]
}

export interface LayerShape {
  readonly attention: AttentionShape
  /** Attention over the encoder's output, in the decoder of an encoder–decoder. */
  readonly crossAttention: AttentionShape | null
  /** Input matrices first, the output matrix last; empty where experts take its place. */
  readonly mlp: readonly LinearShape[]
  readonly experts: ExpertsShape | null
  readonly normElements: number
}

export type LayerKind = 'encoder' | 'decoder' | 'experts'

/** Shapes of all weights of one layer of the given kind. */
export const layerShape = perArchitecture((a, kind: LayerKind): LayerShape => {
  const isCrossAttending = a.structure === 'encoderDecoder' && kind === 'decoder'
  const experts = kind === 'experts' ? expertsShape(a) : null
  return {
    attention: attentionShape(a),
    crossAttention: isCrossAttending ? attentionShape(a) : null,
    mlp: experts ? [] : mlpShape(a, a.mlp.intermediateSize),
    experts,
    normElements:
      normsPerLayer(a, isCrossAttending) * normElements(a) + (experts ? 0 : activationElements(a)),
  }
})

function normElements(a: Architecture): number {
  return a.norm.weight ? a.hiddenSize * (a.norm.bias ? 2 : 1) : 0
}

/** Norms of one layer beside those of queries and keys. */
export function normsPerLayer(a: Architecture, isCrossAttending: boolean): number {
  if (a.layout === 'parallel') return 1
  if (a.layout === 'sandwich') return 4
  return isCrossAttending ? 3 : 2
}

function attentionShape(a: Architecture): AttentionShape {
  const { headCount, keyValueHeadCount, headSize, latent } = a.attention
  const names = a.moduleNames
  const bias = a.attention.inputBias
  const linear = (name: string, inputSize: number, outputSize: number, hasBias: boolean) => ({
    name,
    inputSize,
    outputSize,
    bias: hasBias,
  })
  if (latent) {
    const queryHeads = headCount * headSize
    const query =
      latent.queryRank === null
        ? [linear('q_proj', a.hiddenSize, queryHeads, false)]
        : [
            linear('q_a_proj', a.hiddenSize, latent.queryRank, bias),
            linear('q_b_proj', latent.queryRank, queryHeads, false),
          ]
    const expanded = headCount * (latent.noPositionHeadSize + latent.valueHeadSize)
    return {
      inputs: [
        ...query,
        linear('kv_a_proj_with_mqa', a.hiddenSize, latent.keyValueRank + latent.ropeHeadSize, bias),
        linear('kv_b_proj', latent.keyValueRank, expanded, false),
      ],
      output: linear(
        names.attentionOutput,
        headCount * latent.valueHeadSize,
        a.hiddenSize,
        a.attention.outputBias,
      ),
      normElements: latent.keyValueRank + (latent.queryRank ?? 0),
    }
  }
  const queries = headCount * headSize
  const keys = keyValueHeadCount * headSize
  const inputs =
    a.attention.projection === 'fused'
      ? [linear(names.queryKeyValue, a.hiddenSize, queries + 2 * keys, bias)]
      : [
          linear(names.query, a.hiddenSize, queries, bias),
          linear(names.key, a.hiddenSize, keys, bias),
          linear(names.value, a.hiddenSize, keys, bias),
        ]
  const qkNormElements = { none: 0, perHead: 2 * headSize, full: queries + keys }[
    a.attention.qkNorm
  ]
  return {
    inputs,
    output: linear(names.attentionOutput, queries, a.hiddenSize, a.attention.outputBias),
    normElements: qkNormElements * (a.norm.bias ? 2 : 1) + (a.attention.sinks ? headCount : 0),
  }
}

/** Parameters of an activation that learns its shape: xIELU has two. */
const activationElements = (a: Architecture): number => (a.mlp.activation === 'xielu' ? 2 : 0)

function mlpShape(a: Architecture, intermediateSize: number): readonly LinearShape[] {
  const names = a.moduleNames
  const { bias, gated, fusedGateUp } = a.mlp
  const input = (name: string, outputSize: number) => ({
    name,
    inputSize: a.hiddenSize,
    outputSize,
    bias,
  })
  const down = { name: names.down, inputSize: intermediateSize, outputSize: a.hiddenSize, bias }
  if (gated && fusedGateUp) return [input(names.gateUp, 2 * intermediateSize), down]
  if (gated) return [input(names.gate, intermediateSize), input(names.up, intermediateSize), down]
  return [input(names.up, intermediateSize), down]
}

function expertsShape(a: Architecture): ExpertsShape {
  const experts = a.experts
  if (!experts) throw new Error('a layer of experts in a model without experts')
  const matrices = a.mlp.gated ? 3 : 2
  const shared =
    experts.sharedIntermediateSize > 0 ? mlpShape(a, experts.sharedIntermediateSize) : []
  const gate = { name: 'shared_expert_gate', inputSize: a.hiddenSize, outputSize: 1, bias: false }
  return {
    routerElements:
      experts.expertCount * a.hiddenSize +
      (experts.routerCorrection ? experts.expertCount : 0) +
      (experts.bias ? experts.expertCount : 0),
    expertElements:
      experts.expertCount *
      (matrices * experts.expertIntermediateSize * a.hiddenSize +
        (experts.bias ? (matrices - 1) * experts.expertIntermediateSize + a.hiddenSize : 0)),
    shared: experts.sharedGate ? [...shared, gate] : shared,
  }
}

export function linearElements({ inputSize, outputSize, bias }: LinearShape): number {
  return inputSize * outputSize + (bias ? outputSize : 0)
}

const sumOf = (linears: readonly LinearShape[]) =>
  linears.reduce((sum, linear) => sum + linearElements(linear), 0)

function attentionElements({ inputs, output, normElements: norms }: AttentionShape): number {
  return sumOf(inputs) + linearElements(output) + norms
}

/** Parameters of one layer. */
export function layerElements(layer: LayerShape): number {
  const { experts } = layer
  return (
    attentionElements(layer.attention) +
    (layer.crossAttention ? attentionElements(layer.crossAttention) : 0) +
    sumOf(layer.mlp) +
    (experts ? experts.routerElements + experts.expertElements + sumOf(experts.shared) : 0) +
    layer.normElements
  )
}

/** Parameters of one layer of the given kind. */
export const elementsOfLayer = perArchitecture((a, kind: LayerKind) =>
  layerElements(layerShape(a, kind)),
)

/** Elements outside the layers, by what they are. */
export interface OuterShape {
  /** Token table. */
  readonly embeddingElements: number
  /** Position and token-type tables, relative biases. */
  readonly positionElements: number
  /** Norm after the embedding, final norms, projections between embedding and hidden size. */
  readonly otherElements: number
  /** What the head adds: its matrix unless tied, biases, bert's dense layer. */
  readonly headElements: number
}

/** Number of classes that a classification head has unless a config says otherwise. */
const defaultClassCount = 2

export function outerShape(a: Architecture, head: ModelHead): OuterShape {
  const { position, vocabSize, projectedFrom, tokenTypeCount } = a.embedding
  const width = projectedFrom ?? a.hiddenSize
  const stackCount = a.structure === 'encoderDecoder' ? 2 : 1
  return {
    embeddingElements: vocabSize * width,
    positionElements: positionElements(position, a) + tokenTypeCount * a.hiddenSize,
    otherElements:
      (a.embedding.norm ? stackCount * normElements(a) : 0) +
      (a.norm.final ? stackCount * normElements(a) : 0) +
      (projectedFrom === null ? 0 : 2 * projectedFrom * a.hiddenSize),
    headElements: headElements(a, head, width),
  }
}

function positionElements(position: Architecture['embedding']['position'], a: Architecture) {
  const stackCount = a.structure === 'encoderDecoder' ? 2 : 1
  if (position.type === 'learned') return stackCount * position.positionCount * a.hiddenSize
  // One table in the first layer of each stack.
  if (position.type === 'relativeBias') return 2 * position.bucketCount * a.attention.headCount
  return 0
}

function headElements(a: Architecture, head: ModelHead, width: number): number {
  if (head === 'sequenceClassification') {
    const pooler = a.head.pooler ? a.hiddenSize * (a.hiddenSize + 1) : 0
    return pooler + defaultClassCount * (a.hiddenSize + (a.head.pooler ? 1 : 0))
  }
  const matrix = a.head.tied ? 0 : a.embedding.vocabSize * width
  const transform = a.head.transform ? a.hiddenSize * (a.hiddenSize + 1) + normElements(a) : 0
  return matrix + (a.head.bias ? a.embedding.vocabSize : 0) + transform
}

/** How many layers there are of each kind, in the order in which they run. */
export function layerRuns(
  a: Architecture,
): readonly { readonly kind: LayerKind; readonly count: number }[] {
  if (a.structure === 'encoderDecoder') {
    return [
      { kind: 'encoder', count: a.layerCount },
      { kind: 'decoder', count: a.decoderLayerCount },
    ]
  }
  if (!a.experts) return [{ kind: a.structure, count: a.layerCount }]
  const dense = a.experts.denseLayerCount
  const runs = [
    { kind: 'decoder', count: dense },
    { kind: 'experts', count: a.layerCount - dense },
  ] as const
  return runs.filter(({ count }) => count > 0)
}

/** Parameters of the whole model under a head, tied matrices counted once. */
export function parameterCount(a: Architecture, head: ModelHead = a.head.default): number {
  const outer = outerShape(a, head)
  const layers = layerRuns(a).reduce(
    (sum, { kind, count }) => sum + count * elementsOfLayer(a, kind),
    0,
  )
  return (
    outer.embeddingElements +
    outer.positionElements +
    outer.otherElements +
    outer.headElements +
    layers
  )
}
