import type { Graph, Value } from '../graph'
import { add, mul, neg, sub } from './elementwise'
import { reshape } from './reshape'
import { shapeError } from './shapeError'
import { concat, split } from './slice'

/** cos and sin of every position's angle, each [sequenceLength, headSize] or, of `beforeHeads`, with a 1 between. */
export interface RotaryAngles {
  readonly cos: Value
  readonly sin: Value
}

/** Position p turns the pair i of a head by p · θ^(−2i ÷ headSize) (Su et al. 2021, equation 15). */
export function rotaryAngles(
  graph: Graph,
  dtype: Value['dtype'],
  {
    sequenceLength,
    headSize,
    theta,
  }: { readonly sequenceLength: number; readonly headSize: number; readonly theta: number },
): RotaryAngles {
  const angles = () =>
    Array.from({ length: sequenceLength * headSize }, (_, index) => {
      const pair = index % (headSize / 2)
      return Math.floor(index / headSize) * theta ** ((-2 * pair) / headSize)
    })
  const shape = [sequenceLength, headSize]
  const key = `${sequenceLength} ${headSize} ${theta}`
  return {
    cos: graph.shared(`rotary cos ${key}`, dtype, shape, () => angles().map(Math.cos)),
    sin: graph.shared(`rotary sin ${key}`, dtype, shape, () => angles().map(Math.sin)),
  }
}

/** The same for x [..., sequenceLength, heads, headSize]. */
export function beforeHeads(graph: Graph, { cos, sin }: RotaryAngles): RotaryAngles {
  const [sequenceLength, headSize] = cos.shape as [number, number]
  const apart = (angles: Value) => reshape(graph, angles, [sequenceLength, 1, headSize])
  return graph.withoutRecording(() => ({ cos: apart(cos), sin: apart(sin) }))
}

/**
 * x [..., sequenceLength, headSize] turned by its positions' angles; channel i and i + headSize ÷ 2 are
 * a pair, as in Hugging Face's models. Gradient: dy turned back.
 */
export function rotary(graph: Graph, x: Value, { cos, sin }: RotaryAngles): Value {
  const headSize = x.shape.at(-1)
  if (
    headSize === undefined ||
    headSize % 2 !== 0 ||
    x.shape.at(-cos.shape.length) !== cos.shape[0]
  ) {
    throw shapeError('rotary', 'not positions of heads with pairs of channels', x, cos)
  }
  const along = (value: Value) => mul(graph, value, cos)
  const across = (value: Value) => mul(graph, exchangeHalves(graph, value), sin)
  const y = graph.withoutRecording(() => add(graph, along(x), across(x)))
  graph.differentiateAs('rotary', [x], y, (dy) => [sub(graph, along(dy), across(dy))])
  return y
}

/** (a, b) → (−b, a). */
function exchangeHalves(graph: Graph, x: Value): Value {
  const size = x.shape.at(-1)!
  const [first, second] = split(graph, x, -1, [size / 2, size / 2])
  return concat(graph, [neg(graph, second!), first!], -1)
}
