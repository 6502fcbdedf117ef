import type { Graph, Value } from '../graph'
import { mul, where } from './elementwise'
import { reshape } from './reshape'
import { shapeError } from './shapeError'
import { softmax, softmaxGradient } from './softmax'
import { matMul, transposeMatrices } from './stackedMatmul'

/** Far below every score, and a number in fp16 too. */
const masked = -6e4

/**
 * softmax(q · kᵀ ÷ √headSize, no position seeing a later one) · v (Vaswani et al. 2017, equation 1), of
 * q [batch, heads, positions, headSize] with k and v [batch, keyValueHeads, positions, headSize]. Where
 * there are fewer of these, each serves several heads that follow one another (Ainslie et al. 2023);
 * they are not repeated but multiplied with the rows of all their heads at once.
 * The mask is a Where, for ONNX Runtime fuses an added one into a kernel that needs cuDNN.
 */
export function causalAttention(graph: Graph, q: Value, k: Value, v: Value): Value {
  const [batch, heads, positions, headSize] = q.shape
  const keyValueHeads = k.shape[1]
  if (
    [batch, heads, positions, headSize, keyValueHeads].includes(undefined) ||
    heads! % keyValueHeads! !== 0
  ) {
    throw shapeError('causalAttention', 'heads do not share keys and values evenly', q, k)
  }
  const group = heads! / keyValueHeads!
  const rows = reshape(graph, q, [batch!, keyValueHeads!, group * positions!, headSize!])
  const scaled = mul(graph, rows, graph.scalar(1 / Math.sqrt(headSize!), q.dtype))
  const scores = reshape(graph, matMul(graph, scaled, transposeMatrices(graph, k)), [
    batch!,
    heads!,
    positions!,
    positions!,
  ])
  const weights = causalSoftmax(graph, scores)
  const shared = reshape(graph, weights, [batch!, keyValueHeads!, group * positions!, positions!])
  return reshape(graph, matMul(graph, shared, v), q.shape)
}

/** 1 where the column is no larger than the row; filled by rows, of which a long context has many. */
function upToDiagonal(size: number): Uint8Array {
  const mask = new Uint8Array(size ** 2)
  for (let row = 0; row < size; row += 1) mask.fill(1, row * size, row * size + row + 1)
  return mask
}

/**
 * Softmax along the last axis of scores [..., positions, positions], of each row up to the diagonal.
 * Gradient: softmax's own, which is 0 by itself wherever the mask made the result 0.
 */
function causalSoftmax(graph: Graph, scores: Value): Value {
  const positions = scores.shape.at(-1)!
  const mask = graph.shared(`causal ${positions}`, 'bool', [positions, positions], () =>
    upToDiagonal(positions),
  )
  const y = graph.withoutRecording(() =>
    softmax(graph, where(graph, mask, scores, graph.scalar(masked, scores.dtype))),
  )
  graph.differentiateAs('causalSoftmax', [scores], y, (dy) => [softmaxGradient(graph, dy, y)])
  return y
}
