import type { Graph, Value } from '../graph'
import { cast } from './elementwise'
import { reshape } from './reshape'
import { shapeError } from './shapeError'
import { expand } from './sum'

/**
 * The rows of `table` [rows, width] that `indices` (int32, any shape) name: [...indices, width].
 * Gradient of the table: each row's share added up where it was taken from, 16 bits in fp32 (the CPU
 * provider adds up no fp16, CUDA's no bf16). The order of these additions is not fixed on GPUs, so that the last bits
 * differ from run to run.
 */
export function embedding(graph: Graph, table: Value, indices: Value): Value {
  const [rows, width] = table.shape
  if (rows === undefined || width === undefined || table.shape.length !== 2) {
    throw shapeError('Gather', 'the table is not [rows, width]', table)
  }
  if (indices.dtype !== 'int32') throw shapeError('Gather', 'indices are not int32', indices)
  return graph.apply('Gather', [table, indices], {
    shape: [...indices.shape, width],
    gradients: [
      (dy) => {
        const dtype = table.dtype === 'fp64' ? 'fp64' : 'fp32'
        const zeros = expand(graph, graph.scalar(0, dtype), table.shape)
        const places = cast(graph, reshape(graph, indices, [...indices.shape, 1]), 'int64')
        const sums = graph.apply('ScatterND', [zeros, places, cast(graph, dy, dtype)], {
          shape: table.shape,
          attributes: { reduction: { type: 'string', value: 'add' } },
        })
        return cast(graph, sums, table.dtype)
      },
      null,
    ],
  })
}
