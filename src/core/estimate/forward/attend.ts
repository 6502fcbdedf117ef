import {
  add,
  addConstant,
  cast,
  concatenate,
  copy,
  dropout,
  matmul,
  multiplyConstant,
  reorderedView,
  scale,
  slice,
  softmax,
  activation,
} from '../tape/operators'
import type { Tape, Value } from '../tape/tape'

const fp32 = 4
/** Fused kernels keep the logarithm of each row's sum in fp32. */
const logSumWidth = 4

export interface AttentionCall {
  readonly implementation: 'sdpa' | 'flash' | 'eager'
  readonly batchSize: number
  readonly headCount: number
  readonly queryLength: number
  readonly keyLength: number
  /** Query heads that share one key/value head. */
  readonly groupSize: number
  readonly valueElements: number
  readonly dropout: number
  readonly softmaxInFp32: boolean
  /** Queries and keys are made fp32 before their product. */
  readonly scoresInFp32: boolean
  /** Scores are squashed by tanh between two scalings. */
  readonly softcapping: boolean
  /** Added to the scores: a mask without gradient, a bias with one. */
  readonly mask: boolean
  /** Bytes per element of that mask: a wider one widens the scores. */
  readonly maskWidth: number
  readonly bias: Value | null
  /** Queries were written in head order, so fused attention's output must be copied into token order. */
  readonly headOrder: boolean
  /** Fused attention is given a mask of bools and makes one of numbers for each layer (falcon). */
  readonly maskElements: number
}

export interface Attended {
  readonly output: Value
  /** The caller's frame keeps the weights until the layer returns; null where none are made. */
  readonly weights: Value | null
}

/** Attention of queries over keys and values; borrows its inputs. */
export function attend(t: Tape, q: Value, k: Value, v: Value, call: AttentionCall): Attended {
  if (call.implementation === 'eager') return attendEagerly(t, q, k, v, call)
  const kind = t.memory.kind
  t.as('queries, keys and values')
  const output = attendFused(t, q, k, v, call)
  t.memory.kind = kind
  return { output, weights: null }
}

/** Flash attention: keeps queries, keys, values, the output and one fp32 number per row. */
function attendFused(t: Tape, q: Value, k: Value, v: Value, call: AttentionCall): Value {
  const width = t.options.autocastWidth ?? q.width
  const query = cast(t, q, width)
  const key = cast(t, k, width)
  const value = cast(t, v, width)
  const bias = call.bias ? copy(t, call.bias) : null
  const mask = call.maskElements > 0 ? t.allocate(call.maskElements * width) : null
  const output = t.allocate(call.valueElements * width)
  const logSums = t.allocate(call.batchSize * call.headCount * call.queryLength * logSumWidth)
  const needsGradient = query.node !== null || key.node !== null || value.node !== null
  const saved = [
    query.storage,
    key.storage,
    value.storage,
    output,
    logSums,
    bias?.storage ?? null,
    mask,
  ]
  const result = t.result(output, call.valueElements, width, needsGradient, saved, () => {
    const forQuery = t.allocate(query.elements * width)
    const forKey = t.allocate(key.elements * width)
    const forValue = t.allocate(value.elements * width)
    t.emit(value.node, forValue)
    t.emit(key.node, forKey)
    t.emit(query.node, forQuery)
    if (bias?.node) t.emit(bias.node, t.allocate(bias.elements * bias.width))
  })
  t.memory.release(logSums)
  for (const each of [query, key, value]) t.drop(each)
  if (bias) t.drop(bias)
  if (mask) t.memory.release(mask)
  if (!call.headOrder) return result
  const reordered = copy(t, result)
  t.drop(result)
  return reordered
}

/**
 * Heads repeated to as many as the queries have; their gradients are summed. A single head needs no
 * copy: all queries can read it where it is.
 */
function repeatHeads(t: Tape, x: Value, count: number, isView: boolean): Value {
  const storage = isView ? t.keep(x).storage : t.allocate(x.elements * count * x.width)
  return t.result(storage, x.elements * count, x.width, x.node !== null, [], () => {
    t.emit(x.node, t.allocate(x.elements * x.width))
  })
}

/** Scores, mask, softmax and weighted values one after the other, each a tensor of its own. */
function attendEagerly(t: Tape, q: Value, k: Value, v: Value, call: AttentionCall): Attended {
  const { batchSize, headCount, queryLength, keyLength, groupSize } = call
  const outer = t.memory.kind
  t.as('queries, keys and values')
  // With one sequence the heads are already in the order that batched products need.
  const ordered = (x: Value) => (batchSize > 1 ? copy(t, x) : t.keep(x))
  const isSingleHead = groupSize === headCount
  const repeated = (x: Value) =>
    groupSize > 1 ? repeatHeads(t, x, groupSize, isSingleHead) : t.keep(x)
  const isOrdered = groupSize > 1 && !isSingleHead
  const computeWidth = t.options.autocastWidth ?? q.width
  const key = repeated(k)
  const value = repeated(v)
  const scoreWidth = call.scoresInFp32 ? fp32 : computeWidth
  const keyCast = cast(t, key, scoreWidth)
  const queryCast = cast(t, q, scoreWidth)
  const queryOrdered = ordered(queryCast)
  const keyOrdered = isOrdered ? t.keep(keyCast) : ordered(keyCast)
  t.as('attention scores')
  let scores = matmul(t, queryOrdered, keyOrdered, batchSize * headCount * queryLength * keyLength)
  for (const each of [queryOrdered, keyOrdered, queryCast, keyCast]) t.drop(each)
  const replace = (next: Value) => {
    t.drop(scores)
    scores = next
  }
  replace(scale(t, scores))
  if (call.softcapping) {
    replace(scale(t, scores))
    replace(activation(t, scores, 'output'))
    replace(scale(t, scores))
  }
  if (call.bias) replace(addBias(t, scores, call.bias))
  if (call.mask) replace(addMask(t, scores, call.maskWidth))
  replace(softmaxOf(t, scores, call, q.width))
  replace(dropout(t, scores, call.dropout))
  const weights = cast(t, scores, computeWidth)
  t.as('queries, keys and values')
  const valueCast = cast(t, value, computeWidth)
  const valueOrdered = isOrdered ? t.keep(valueCast) : ordered(valueCast)
  const product = matmul(t, weights, valueOrdered, call.valueElements)
  for (const each of [valueOrdered, valueCast, weights]) t.drop(each)
  const reordered = batchSize > 1 ? reorderedView(t, product) : t.keep(product)
  const output = copy(t, reordered)
  for (const each of [reordered, product, key, value]) t.drop(each)
  t.memory.kind = outer
  return { output, weights: scores }
}

function addMask(t: Tape, scores: Value, maskWidth: number): Value {
  return maskWidth > scores.width ? multiplyConstant(t, scores, maskWidth) : addConstant(t, scores)
}

/** A bias that every sequence shares: its gradient is summed over the batch. */
function addBias(t: Tape, scores: Value, bias: Value): Value {
  if (bias.elements === scores.elements || bias.node === null) return add(t, scores, bias)
  const width = Math.max(scores.width, bias.width)
  const storage = t.allocate(scores.elements * width)
  return t.result(storage, scores.elements, width, true, [], (gradient) => {
    if (scores.node) t.emit(scores.node, t.memory.hold(gradient))
    t.emit(bias.node, t.allocate(bias.elements * bias.width))
  })
}

function softmaxOf(t: Tape, scores: Value, call: AttentionCall, queryWidth: number): Value {
  if (!call.softmaxInFp32 && !call.scoresInFp32) return softmax(t, scores, scores.width)
  const wide = softmax(t, scores, fp32)
  const narrow = cast(t, wide, queryWidth)
  t.drop(wide)
  return narrow
}

/**
 * Rotary positions, written out as the reference does: `x·cos + rotateHalf(x)·sin`, over
 * `rotaryFraction` of each head; the rest is joined on again.
 */
export function rotate(t: Tape, x: Value, rotaryFraction: number, cosWidth: number): Value {
  if (rotaryFraction >= 1) return rotateAll(t, x, cosWidth)
  const turned = x.elements * rotaryFraction
  const part = slice(t, x, turned)
  const rest = slice(t, x, x.elements - turned)
  const rotated = rotateAll(t, part, cosWidth)
  const joined = concatenate(t, [rotated, rest])
  for (const each of [rotated, rest, part]) t.drop(each)
  return joined
}

function rotateAll(t: Tape, x: Value, cosWidth: number): Value {
  const straight = multiplyConstant(t, x, cosWidth)
  const first = slice(t, x, x.elements / 2)
  const second = slice(t, x, x.elements / 2)
  const negated = scale(t, second)
  const crossed = concatenate(t, [negated, first])
  for (const each of [first, second, negated]) t.drop(each)
  const turned = multiplyConstant(t, crossed, cosWidth)
  t.drop(crossed)
  const sum = add(t, straight, turned)
  t.drop(straight)
  t.drop(turned)
  return sum
}
