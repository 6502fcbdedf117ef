import { type Graph, sameShape, type Value } from '../graph'
import { cast, equal, exp, mul, neg, sub, where } from './elementwise'
import { reduceMean } from './mean'
import { reshape } from './reshape'
import { shapeError } from './shapeError'
import { logSoftmax } from './softmax'
import { reduceSum } from './sum'

/**
 * Mean over the rows of −ln softmax(logits)[label], a scalar. `logits` is [rows, classes], `labels`
 * int32 [rows], each from 0 to classes − 1.
 * Gradient: (softmax − one-hot) ÷ rows, in one step; the naive way through the picked logarithm
 * would keep and fill one more tensor of the logits' size.
 */
export function crossEntropy(graph: Graph, logits: Value, labels: Value): Value {
  const [rows, classes] = logits.shape
  if (rows === undefined || classes === undefined || logits.shape.length !== 2) {
    throw shapeError('crossEntropy', 'logits are not [rows, classes]', logits)
  }
  if (!sameShape(labels.shape, [rows]) || labels.dtype !== 'int32') {
    throw shapeError('crossEntropy', 'labels are not int32, one per row', logits, labels)
  }
  const [loss, logProbabilities, isLabel] = graph.withoutRecording(() => {
    const classIndices = graph.constant('int32', [classes], [...Array(classes).keys()])
    const isLabel = equal(graph, reshape(graph, labels, [rows, 1]), classIndices)
    const logProbabilities = logSoftmax(graph, logits)
    const zero = graph.scalar(0, logits.dtype)
    const picked = reduceSum(graph, where(graph, isLabel, logProbabilities, zero), [1])
    return [neg(graph, reduceMean(graph, picked, [0])), logProbabilities, isLabel] as const
  })
  graph.differentiateAs('crossEntropy', [logits, labels], loss, (dy) => {
    const excess = sub(graph, exp(graph, logProbabilities), cast(graph, isLabel, logits.dtype))
    const perRow = mul(graph, dy, graph.scalar(1 / rows, logits.dtype))
    return [mul(graph, excess, perRow), null]
  })
  return loss
}
