import { type Graph, sameShape, type Value } from '../graph'
import { add, cast, log, mul, neg } from './elementwise'
import { reduceMean } from './mean'
import { reshape } from './reshape'
import { shapeError } from './shapeError'
import { concat } from './slice'
import { softmax } from './softmax'
import { expand } from './sum'

/** Keeps the logarithm finite where fp32 has no smaller probability; the loss then reads 85. */
const leastProbability = 1e-37
/** Places are counted in int32, the widest integers that WebGPU adds. */
const maxElements = 2 ** 31 - 1

/**
 * Mean over the rows of −ln softmax(logits)[label], a scalar. `logits` is [rows, classes], `labels`
 * int32 [rows], each from 0 to classes − 1.
 * By Softmax and Log, for WebGPU has no LogSoftmax. Gradient: (softmax − one-hot) ÷ rows, without a
 * one-hot matrix: each row's label is picked by its place among all elements, and lessened by its row
 * and column, so that all that is as large as the logits has their shape: ONNX Runtime hands the memory
 * of one tensor on to the next of the same shape alone.
 */
export function crossEntropy(graph: Graph, logits: Value, labels: Value): Value {
  const [rows, classes] = logits.shape
  if (rows === undefined || classes === undefined || logits.shape.length !== 2) {
    throw shapeError('crossEntropy', 'logits are not [rows, classes]', logits)
  }
  if (!sameShape(labels.shape, [rows]) || labels.dtype !== 'int32') {
    throw shapeError('crossEntropy', 'labels are not int32, one per row', logits, labels)
  }
  if (rows * classes > maxElements) {
    throw shapeError('crossEntropy', `more than ${maxElements} logits`, logits)
  }
  const [loss, probabilities] = graph.withoutRecording(() => {
    const rowStarts = graph.shared(`rows ${rows} of ${classes}`, 'int32', [rows], () =>
      Int32Array.from({ length: rows }, (_, row) => row * classes),
    )
    const places = add(graph, labels, rowStarts)
    const probabilities = softmax(graph, logits)
    const flat = reshape(graph, probabilities, [rows * classes])
    const picked = graph.apply('Gather', [flat, places], { shape: [rows] })
    const positive = add(graph, picked, graph.scalar(leastProbability, logits.dtype))
    return [neg(graph, reduceMean(graph, log(graph, positive), [0])), probabilities] as const
  })
  graph.differentiateAs('crossEntropy', [logits, labels], loss, (dy) => {
    const rowNumbers = graph.shared(`${rows} rows`, 'int32', [rows, 1], () =>
      Int32Array.from({ length: rows }, (_, row) => row),
    )
    const cells = concat(graph, [rowNumbers, reshape(graph, labels, [rows, 1])], 1)
    const perRow = mul(graph, dy, graph.scalar(1 / rows, logits.dtype))
    const spread = mul(graph, probabilities, perRow)
    const shares = expand(graph, neg(graph, perRow), [rows])
    const lessened = graph.apply('ScatterND', [spread, cast(graph, cells, 'int64'), shares], {
      shape: spread.shape,
      attributes: { reduction: { type: 'string', value: 'add' } },
    })
    return [lessened, null]
  })
  return loss
}
