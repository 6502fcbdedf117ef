import {
  type AttentionShape,
  layerShape,
  type LayerKind,
  type LinearShape,
  normsPerLayer,
} from '../../models/layerShape'
import type { BoundNorm } from './normalise'
import { bindLinear, type BoundLinear, bindParameter, type StepContext } from './stepContext'
import type { GraphNode } from '../tape/tape'

/** One layer's weights with their places for gradients, made once per simulated layer. */
export interface BoundLayer {
  readonly kind: LayerKind
  readonly attention: BoundAttention
  readonly crossAttention: BoundAttention | null
  readonly mlp: readonly BoundLinear[]
  readonly experts: BoundExperts | null
  readonly norms: readonly BoundNorm[]
}

export interface BoundAttention {
  readonly inputs: readonly BoundLinear[]
  readonly output: BoundLinear
  readonly queryNorm: BoundNorm | null
  readonly keyNorm: BoundNorm | null
}

export interface BoundExperts {
  readonly router: GraphNode | null
  readonly routerElements: number
  /** Stacked input matrices of all experts, and stacked output matrices. */
  readonly inputs: GraphNode | null
  readonly outputs: GraphNode | null
  readonly matrixElements: number
  readonly shared: readonly BoundLinear[]
}

export function bindNorm(c: StepContext, size = c.architecture.hiddenSize): BoundNorm {
  const { type, weight, bias } = c.architecture.norm
  return {
    type,
    weight: weight
      ? bindParameter(c, size)
      : { elements: size, width: c.unquantizedWidth, parameter: null },
    bias: bias ? bindParameter(c, size) : null,
  }
}

export function bindLayer(c: StepContext, kind: LayerKind): BoundLayer {
  const a = c.architecture
  const shape = layerShape(a, kind)
  const bindAll = (linears: readonly LinearShape[]) => linears.map((each) => bindLinear(c, each))
  const normCount = normsPerLayer(a, shape.crossAttention !== null)
  const { experts } = shape
  return {
    kind,
    attention: bindAttention(c, shape.attention),
    crossAttention: shape.crossAttention ? bindAttention(c, shape.crossAttention) : null,
    mlp: bindAll(shape.mlp),
    experts: experts && {
      router: c.baseTrainable ? c.tape.parameter() : null,
      routerElements: experts.routerElements,
      inputs: c.baseTrainable ? c.tape.parameter() : null,
      outputs: c.baseTrainable ? c.tape.parameter() : null,
      matrixElements: experts.expertElements,
      shared: bindAll(experts.shared),
    },
    norms: Array.from({ length: normCount }, () => bindNorm(c)),
  }
}

function bindAttention(c: StepContext, shape: AttentionShape): BoundAttention {
  const { qkNorm, headSize, headCount, keyValueHeadCount, latent } = c.architecture.attention
  const normSizes =
    qkNorm === 'perHead'
      ? ([headSize, headSize] as const)
      : ([headCount * headSize, keyValueHeadCount * headSize] as const)
  const hasNorm = qkNorm !== 'none'
  const queryNorm = latent ? latent.queryRank : hasNorm ? normSizes[0] : null
  const keyNorm = latent ? latent.keyValueRank : hasNorm ? normSizes[1] : null
  return {
    inputs: shape.inputs.map((each) => bindLinear(c, each)),
    output: bindLinear(c, shape.output),
    queryNorm: queryNorm === null ? null : bindNorm(c, queryNorm),
    keyNorm: keyNorm === null ? null : bindNorm(c, keyNorm),
  }
}
