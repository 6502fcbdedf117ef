import type { Storage } from '../tape/liveMemory'
import type { Value } from '../tape/tape'
import { tokenIdWidth } from './embed'
import { bindParameter, operand, type StepContext } from './stepContext'

export interface StackTensors {
  /** The causal mask that eager attention adds, one per sequence; null where none is made. */
  readonly mask: Storage | null
  /** falcon always makes a mask, of bools, whatever the kernel. */
  readonly boolMask: Storage | null
  readonly all: readonly Storage[]
}

/** Tensors that every layer of a stack reads: the eager mask, cos and sin. */
export function stackTensors(
  c: StepContext,
  length: number,
  width: number,
  isEncoder = false,
): StackTensors {
  const t = c.tape
  const a = c.architecture
  t.as('masks and positions')
  const isEager = c.attention === 'eager'
  // t5 joins its mask with the position bias, in both stacks.
  const isBidirectional = isEncoder && a.embedding.position.type !== 'relativeBias'
  const hasMask = isEager && a.attention.causal && !isBidirectional
  const mask = hasMask ? t.allocate(c.batchSize * length * length * width) : null
  const alwaysMasks = a.modelType === 'falcon' && !isEager
  const scores = c.batchSize * length * length
  // falcon adds alibi to its mask, which then is one of numbers for every head.
  const maskBytes =
    a.embedding.position.type === 'alibi' ? scores * a.attention.headCount * width : scores
  const boolMask = alwaysMasks ? t.allocate(maskBytes) : null
  const { position } = a.embedding
  const angles =
    position.type === 'rotary' ? t.allocate(2 * length * position.rotarySize * width) : null
  t.as('hidden states')
  return { mask, boolMask, all: [mask, boolMask, angles].filter((each) => each !== null) }
}

/**
 * t5's relative position bias of all heads, made once per stack and added to every layer's scores;
 * attention to the encoder gets zeros instead. null for other position encodings.
 */
export function relativeBias(
  c: StepContext,
  queryLength: number,
  keyLength: number,
  learned: boolean,
): Value | null {
  const { position } = c.architecture.embedding
  if (position.type !== 'relativeBias') return null
  const t = c.tape
  t.as('masks and positions')
  const { headCount } = c.architecture.attention
  const table = bindParameter(c, position.bucketCount * headCount)
  const elements = headCount * queryLength * keyLength
  const storage = t.allocate(elements * table.width)
  const node = learned ? operand(t, table).node : null
  const buckets = t.allocate(queryLength * keyLength * tokenIdWidth)
  const bias = t.result(storage, elements, table.width, node !== null, [buckets], () => {
    t.emit(node, t.allocate(table.elements * table.width))
  })
  t.memory.release(buckets)
  t.as('hidden states')
  return bias
}
