import { InputError } from '../errors'
import type { Architecture } from '../models/architecture'
import type { GptConfig } from '../onnx/networks/gptConfig'

/** How far the network of the engine is from the model that it stands for, one sentence each. */
export interface EngineDecoder {
  readonly config: GptConfig
  readonly assumptions: readonly string[]
}

/**
 * The decoder that the engine's graph builder makes of an architecture.
 * Throws InputError with what the builder has no operators for.
 */
export function engineDecoder(a: Architecture, sequenceLength: number): EngineDecoder {
  const { attention, embedding, mlp, norm } = a
  const { position } = embedding
  const refusals: readonly (readonly [boolean, string])[] = [
    [a.structure !== 'decoder', `a model of structure ${a.structure}`],
    [a.layout !== 'pre', `layers of layout ${a.layout}`],
    [a.experts !== null, 'experts'],
    [attention.latent !== null, 'latent attention'],
    [attention.qkNorm !== 'none', 'norms of queries and keys'],
    [attention.sinks || attention.logitSoftcapping, 'sinks and capped scores'],
    [attention.slidingWindow !== null, 'sliding windows'],
    [attention.headSize * attention.headCount !== a.hiddenSize, 'heads of another total width'],
    [norm.type !== 'layerNorm' && norm.type !== 'rms', `a norm of type ${norm.type}`],
    [
      norm.type === 'layerNorm' && !(norm.weight && norm.bias),
      'a LayerNorm without weight or bias',
    ],
    [mlp.gated && mlp.activation !== 'silu', `a gate with ${mlp.activation}`],
    [!mlp.gated && !isGelu(a), `an MLP with ${mlp.activation}`],
    [
      position.type !== 'learned' && position.type !== 'rotary',
      `positions of type ${position.type}`,
    ],
    [
      position.type === 'rotary' && position.rotarySize < attention.headSize,
      'rotary positions on a part of each head',
    ],
    [embedding.norm || embedding.scaled, 'a norm or a factor after the embedding'],
    [embedding.projectedFrom !== null, 'a projected embedding'],
    [a.head.bias || a.head.logitSoftcapping, 'a bias or a cap of the logits'],
    [
      attention.inputBias !== attention.outputBias || attention.inputBias !== mlp.bias,
      'biases on some linear layers only',
    ],
  ]
  const refusal = refusals.find(([applies]) => applies)
  if (refusal) {
    throw new InputError({
      code: 'UNSUPPORTED',
      path: 'runtime',
      message: `the engine builds no graph for ${refusal[1]} (${a.modelType}); estimate with pytorch`,
    })
  }
  const learnedCount = position.type === 'learned' ? position.positionCount : sequenceLength
  return {
    config: {
      name: a.modelType,
      vocabSize: embedding.vocabSize,
      hiddenSize: a.hiddenSize,
      numHiddenLayers: a.layerCount,
      numAttentionHeads: attention.headCount,
      numKeyValueHeads: attention.keyValueHeadCount,
      intermediateSize: mlp.intermediateSize,
      maxPositionEmbeddings: learnedCount,
      hiddenAct: mlp.gated ? 'silu' : 'gelu',
      normalization: norm.type === 'rms' ? 'rmsNorm' : 'layerNorm',
      // Changes no shape.
      normEpsilon: 1e-5,
      positions:
        position.type === 'learned' ? { type: 'learned' } : { type: 'rotary', theta: 10_000 },
      bias: mlp.bias,
      tieWordEmbeddings: a.head.tied,
    },
    assumptions: [
      'the engine writes attention out and trains without dropout',
      ...(attention.projection === 'fused' || mlp.fusedGateUp
        ? ['fused projections are separate matrices in the engine’s graph']
        : []),
      ...(isGelu(a) && mlp.activation !== 'gelu' ? [`${mlp.activation} is one GELU in it`] : []),
    ],
  }
}

function isGelu({ mlp }: Architecture): boolean {
  return ['gelu', 'gelu_new', 'gelu_fast', 'gelu_pytorch_tanh'].includes(mlp.activation)
}
