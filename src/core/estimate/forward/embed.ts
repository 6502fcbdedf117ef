import { add, dropout, multiplyConstant } from '../tape/operators'
import type { Value } from '../tape/tape'
import { type BoundNorm, normalise } from './normalise'
import { projections } from '../linearNames'
import { bindNorm } from './boundLayer'
import {
  applyLinear,
  bindLinear,
  type BoundLinear,
  bindParameter,
  type BoundParameter,
  operand,
  type StepContext,
} from './stepContext'

/** Bytes of a token id. */
export const tokenIdWidth = 8

export interface BoundEmbedding {
  readonly tokens: BoundParameter
  readonly positions: BoundParameter | null
  readonly tokenTypes: BoundParameter | null
  readonly projection: BoundLinear | null
  readonly norm: BoundNorm | null
}

export function bindEmbedding(c: StepContext): BoundEmbedding {
  const { embedding, hiddenSize } = c.architecture
  const { position, projectedFrom, tokenTypeCount, vocabSize } = embedding
  const [projection] = projections(c.architecture)
  return {
    tokens: bindParameter(
      c,
      vocabSize * (projectedFrom ?? hiddenSize),
      c.trainsModule(c.architecture.moduleNames.embedding),
    ),
    positions:
      position.type === 'learned' ? bindParameter(c, position.positionCount * hiddenSize) : null,
    tokenTypes: tokenTypeCount > 0 ? bindParameter(c, tokenTypeCount * hiddenSize) : null,
    projection: projection ? bindLinear(c, projection) : null,
    norm: embedding.norm ? bindNorm(c) : null,
  }
}

export interface Embedded {
  /** What the first layer reads. */
  readonly hidden: Value
  /** Variables of the model's own frame that live until its forward pass returns. */
  readonly heldByFrame: readonly Value[]
}

/** Rows of a table; the gradient is a tensor as large as the table (aten::embedding_dense_backward). */
function lookUp(c: StepContext, table: BoundParameter, rows: number, rowSize: number): Value {
  const t = c.tape
  const { node } = operand(t, table)
  const elements = rows * rowSize
  const storage = t.allocate(elements * table.width)
  return t.result(storage, elements, table.width, node !== null, [null], () => {
    t.emit(node, t.allocate(table.elements * table.width))
  })
}

/** Token, position and type embeddings of `batchSize × length` tokens. */
export function embed(
  c: StepContext,
  bound: BoundEmbedding,
  length: number,
  makesLeaf = false,
): Embedded {
  const t = c.tape
  const a = c.architecture
  t.as('hidden states')
  const tokenCount = c.batchSize * length
  const rowSize = a.embedding.projectedFrom ?? a.hiddenSize
  const looked = requireGradient(c, lookUp(c, bound.tokens, tokenCount, rowSize), makesLeaf)
  const held: Value[] = []
  let hidden = looked
  const replace = (next: Value) => {
    t.drop(hidden)
    hidden = next
  }
  if (a.embedding.scaled) replace(multiplyConstant(t, hidden, hidden.width))
  if (bound.projection) replace(applyLinear(c, hidden, bound.projection))
  if (bound.tokenTypes || bound.positions) held.push(t.keep(hidden))
  if (bound.tokenTypes) {
    const types = lookUp(c, bound.tokenTypes, tokenCount, a.hiddenSize)
    replace(add(t, hidden, types))
    held.push(types)
  }
  if (bound.positions) {
    const positions = lookUp(c, bound.positions, length, a.hiddenSize)
    replace(add(t, hidden, broadcastOf(c, positions, hidden.elements)))
    held.push(positions)
  }
  if (bound.norm) replace(normalise(t, hidden, bound.norm))
  if (a.embedding.dropout > 0) replace(dropout(t, hidden, a.embedding.dropout))
  // bert's embedding module is a frame of its own and has returned by now.
  if (a.structure === 'encoder') {
    for (const each of held.splice(0)) t.drop(each)
  }
  if (held.length === 0) held.push(t.keep(hidden))
  return { hidden, heldByFrame: held }
}

/**
 * `enable_input_require_grads` makes the token embeddings a leaf. It and its gradient stay until
 * Python's collector breaks the cycle, which does not happen within a step: those of the step before
 * are still there (seen in every recorded run of LoRA with checkpointing).
 */
function requireGradient(c: StepContext, looked: Value, makesLeaf: boolean): Value {
  const t = c.tape
  if (!makesLeaf || looked.node !== null) return looked
  t.allocate(2 * looked.elements * looked.width)
  t.keep(looked)
  return { ...looked, node: t.record([], (gradient) => void t.memory.hold(gradient)) }
}

/** One row of positions serves every sequence: its gradient is summed over the batch. */
function broadcastOf(c: StepContext, x: Value, elements: number): Value {
  const t = c.tape
  if (x.elements === elements || x.node === null) return { ...x, elements }
  const node = t.record([], () => t.emit(x.node, t.allocate(x.elements * x.width)))
  return { storage: x.storage, elements, width: x.width, node }
}
