import { type Graph, sameShape, type Value } from '../graph'
import { add, cast, equal, log, mul, neg, sub } from './elementwise'
import { reduceMean } from './mean'
import { reshape } from './reshape'
import { shapeError } from './shapeError'
import { softmax } from './softmax'
import { reduceSum } from './sum'

/** Keeps the logarithm finite where fp32 has no smaller probability; the loss then reads 85. */
const leastProbability = 1e-37

/**
 * Mean over the rows of −ln softmax(logits)[label], a scalar. `logits` is [rows, classes], `labels`
 * int32 [rows], each from 0 to classes − 1.
 * By Softmax and Log, for WebGPU has no LogSoftmax. Gradient: (softmax − one-hot) ÷ rows, in one step;
 * the naive way through the picked logarithm would keep and fill one more tensor of the logits' size.
 */
export function crossEntropy(graph: Graph, logits: Value, labels: Value): Value {
  const [rows, classes] = logits.shape
  if (rows === undefined || classes === undefined || logits.shape.length !== 2) {
    throw shapeError('crossEntropy', 'logits are not [rows, classes]', logits)
  }
  if (!sameShape(labels.shape, [rows]) || labels.dtype !== 'int32') {
    throw shapeError('crossEntropy', 'labels are not int32, one per row', logits, labels)
  }
  const [loss, probabilities, oneHot] = graph.withoutRecording(() => {
    const classIndices = graph.constant('int32', [classes], [...Array(classes).keys()])
    const isLabel = equal(graph, reshape(graph, labels, [rows, 1]), classIndices)
    const oneHot = cast(graph, isLabel, logits.dtype)
    const probabilities = softmax(graph, logits)
    const picked = reduceSum(graph, mul(graph, probabilities, oneHot), [1])
    const positive = add(graph, picked, graph.scalar(leastProbability, logits.dtype))
    return [
      neg(graph, reduceMean(graph, log(graph, positive), [0])),
      probabilities,
      oneHot,
    ] as const
  })
  graph.differentiateAs('crossEntropy', [logits, labels], loss, (dy) => {
    const perRow = mul(graph, dy, graph.scalar(1 / rows, logits.dtype))
    return [mul(graph, sub(graph, probabilities, oneHot), perRow), null]
  })
  return loss
}
