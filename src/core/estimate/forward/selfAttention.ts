import { concatenate, copy, reorderedView, scale, slice, split } from '../tape/operators'
import type { Value } from '../tape/tape'
import { attend, type Attended, rotate } from './attend'
import type { BoundAttention } from './boundLayer'
import { type BoundNorm, normalise } from './normalise'
import { applyLinear, type StepContext } from './stepContext'

/** What the layers of one stack share: where a query may look, and positions. */
export interface StackContext {
  readonly queryLength: number
  readonly keyLength: number
  /** A mask that eager attention adds. */
  readonly mask: boolean
  /** A mask of bools is handed to fused attention instead of the causal flag. */
  readonly boolMask: boolean
  /** Relative position bias, made in the stack's first layer; null elsewhere. */
  readonly bias: Value | null
  /** Bytes per element of cos and sin. */
  readonly positionWidth: number
}

interface Projected {
  readonly query: Value
  readonly key: Value
  readonly value: Value
}

/**
 * Attention block: projections, positions, attention, output projection. Borrows its input; keys and
 * values come from `source` (the same as `x` but for cross-attention).
 */
export function attentionBlock(
  c: StepContext,
  x: Value,
  source: Value,
  layer: BoundAttention,
  stack: StackContext,
): Attended {
  const t = c.tape
  const a = c.architecture.attention
  const kind = t.memory.kind
  t.as('queries, keys and values')
  const projected = project(c, x, source, layer)
  const turned = a.normAfterRotary
    ? normaliseHeads(c, turn(c, projected, stack), layer)
    : turn(c, normaliseHeads(c, projected, layer), stack)
  const { query, key } = turned
  const { value } = projected
  const isLatent = a.latent !== null
  const groupSize = isLatent ? 1 : a.headCount / a.keyValueHeadCount
  const valueSize = a.latent ? a.latent.valueHeadSize : a.headSize
  const attended = attend(t, query, key, value, {
    implementation: c.attention,
    batchSize: c.batchSize,
    headCount: a.headCount,
    queryLength: stack.queryLength,
    keyLength: stack.keyLength,
    groupSize,
    valueElements: (x.elements / c.architecture.hiddenSize) * a.headCount * valueSize,
    dropout: a.dropout,
    softmaxInFp32: a.softmaxInFp32,
    scoresInFp32: a.scoresInFp32,
    softcapping: a.logitSoftcapping,
    mask: stack.mask,
    maskWidth: stack.positionWidth,
    bias: stack.bias,
    headOrder: writesHeadOrder(c),
    // With alibi the mask is one of numbers already, shared by all layers.
    maskElements:
      stack.boolMask && !isAlibi(c) ? c.batchSize * stack.queryLength * stack.keyLength : 0,
  })
  for (const each of [query, key, value]) t.drop(each)
  const output = applyLinear(c, attended.output, layer.output)
  t.drop(attended.output)
  t.memory.kind = kind
  return { output, weights: attended.weights }
}

function isAlibi(c: StepContext): boolean {
  return c.architecture.embedding.position.type === 'alibi'
}

/** Joining turned and unturned channels of each head writes a tensor in head order. */
function writesHeadOrder(c: StepContext): boolean {
  const { position } = c.architecture.embedding
  const { headSize, latent } = c.architecture.attention
  return position.type === 'rotary' && (latent !== null || position.rotarySize < headSize)
}

function project(c: StepContext, x: Value, source: Value, layer: BoundAttention): Projected {
  const a = c.architecture.attention
  if (a.latent) return projectLatent(c, x, layer)
  if (a.projection === 'fused') return projectFused(c, x, layer)
  const t = c.tape
  const [toQuery, toKey, toValue] = layer.inputs
  if (!toQuery || !toKey || !toValue) throw new Error('three projections were expected')
  const heads = (input: Value, linear: typeof toQuery) => {
    const projected = applyLinear(c, input, linear)
    const view = reorderedView(t, projected)
    t.drop(projected)
    return view
  }
  const query = heads(x, toQuery)
  const key = heads(source, toKey)
  // Fused attention hands the values' gradient back in the projection's own order.
  const projectedValue = applyLinear(c, source, toValue)
  const value = c.attention === 'eager' ? reorderedView(t, projectedValue) : t.keep(projectedValue)
  t.drop(projectedValue)
  return { query, key, value }
}

/** Norms over queries and keys, where the architecture has them; takes over both. */
function normaliseHeads<Heads extends Pick<Projected, 'query' | 'key'>>(
  c: StepContext,
  heads: Heads,
  layer: BoundAttention,
): Heads {
  // Latent attention normalises what it compressed, on the way.
  if (c.architecture.attention.latent) return heads
  const through = (x: Value, norm: BoundNorm | null): Value => {
    if (!norm) return x
    const normalised = normalise(c.tape, x, norm)
    c.tape.drop(x)
    return normalised
  }
  return {
    ...heads,
    query: through(heads.query, layer.queryNorm),
    key: through(heads.key, layer.keyNorm),
  }
}

function projectFused(c: StepContext, x: Value, layer: BoundAttention): Projected {
  const t = c.tape
  const a = c.architecture.attention
  const [toAll] = layer.inputs
  if (!toAll) throw new Error('one fused projection was expected')
  const all = applyLinear(c, x, toAll)
  const queries = (all.elements * a.headCount) / (a.headCount + 2 * a.keyValueHeadCount)
  const keys = (all.elements - queries) / 2
  const sizes = [queries, keys, keys]
  // gpt2 and gpt-neox split the matrix in one go; phi-3 slices it three times; falcon copies the
  // single key and value head out of it.
  const isFalcon = c.architecture.modelType === 'falcon'
  const isSplit =
    c.architecture.norm.type === 'layerNorm' && (a.keyValueHeadCount === a.headCount || !isFalcon)
  const isMultiQuery = isFalcon && a.keyValueHeadCount === 1 && a.headCount > 1
  const parts = isSplit ? split(t, all, sizes) : sizes.map((size) => slice(t, all, size))
  const [query, key, value] = parts
  t.drop(all)
  if (!query || !key || !value) throw new Error('three parts were expected')
  if (isMultiQuery) {
    const copies = { key: copy(t, key), value: copy(t, value) }
    t.drop(key)
    t.drop(value)
    return { query, ...copies }
  }
  return { query, key, value }
}

/** DeepSeek: queries and keys/values through low ranks; a small part of each head carries positions. */
function projectLatent(c: StepContext, x: Value, layer: BoundAttention): Projected {
  const t = c.tape
  const a = c.architecture.attention
  const { latent } = a
  if (!latent) throw new Error('latent attention was expected')
  const inputs = [...layer.inputs]
  const expandKeyValue = inputs.pop()
  const compressKeyValue = inputs.pop()
  const [toQuery, expandQuery] = inputs
  if (!expandKeyValue || !compressKeyValue || !toQuery) throw new Error('projections are missing')
  let query = applyLinear(c, x, toQuery)
  if (expandQuery && layer.queryNorm) {
    const normalised = normalise(t, query, layer.queryNorm)
    t.drop(query)
    query = applyLinear(c, normalised, expandQuery)
    t.drop(normalised)
  }
  const compressed = applyLinear(c, x, compressKeyValue)
  const rank = latent.keyValueRank / (latent.keyValueRank + latent.ropeHeadSize)
  const latentPart = slice(t, compressed, compressed.elements * rank)
  const positionPart = slice(t, compressed, compressed.elements * (1 - rank))
  t.drop(compressed)
  const normalised = layer.keyNorm ? normalise(t, latentPart, layer.keyNorm) : t.keep(latentPart)
  t.drop(latentPart)
  const expanded = applyLinear(c, normalised, expandKeyValue)
  t.drop(normalised)
  const perHead = latent.noPositionHeadSize + latent.valueHeadSize
  const keyPart = slice(t, expanded, (expanded.elements * latent.noPositionHeadSize) / perHead)
  const value = slice(t, expanded, (expanded.elements * latent.valueHeadSize) / perHead)
  t.drop(expanded)
  const spread = { ...positionPart, elements: positionPart.elements * a.headCount }
  const key = concatenate(t, [keyPart, spread])
  t.drop(keyPart)
  t.drop(positionPart)
  return { query, key, value }
}

/** Applies rotary positions, or opt's scaling of queries; takes over queries and keys. */
function turn(
  c: StepContext,
  { query, key }: Projected,
  stack: StackContext,
): { readonly query: Value; readonly key: Value } {
  const t = c.tape
  const { position } = c.architecture.embedding
  if (position.type !== 'rotary') {
    if (c.architecture.modelType !== 'opt') return { query, key }
    const scaled = scale(t, query)
    t.drop(query)
    return { query: scaled, key }
  }
  const fraction = position.rotarySize / c.architecture.attention.headSize
  const turnedQuery = rotate(t, query, fraction, stack.positionWidth)
  const turnedKey = rotate(t, key, fraction, stack.positionWidth)
  t.drop(query)
  t.drop(key)
  return { query: turnedQuery, key: turnedKey }
}
