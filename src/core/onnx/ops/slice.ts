import { type Graph, sameShape, type Value } from '../graph'
import { normalizeAxis, shapeError } from './shapeError'
import { expand } from './sum'

/** Elements `start` to `end` − 1 along one axis. Gradient: zeros around. */
export function slice(graph: Graph, x: Value, axis: number, start: number, end: number): Value {
  const along = normalizeAxis('Slice', axis, x)
  const size = x.shape[along]!
  if (start < 0 || end > size || start >= end) {
    throw shapeError('Slice', `there is no ${start} to ${end} along axis ${axis}`, x)
  }
  if (start === 0 && end === size) return x
  const [starts, ends, axes] = [[start], [end], [along]].map((values) => graph.integers(values))
  return graph.apply('Slice', [x, starts!, ends!, axes!], {
    shape: x.shape.with(along, end - start),
    gradients: [(dy) => padZeros(graph, dy, along, start, size - end), null, null, null],
  })
}

/** Zeros before and after `x` along one axis. */
function padZeros(graph: Graph, x: Value, axis: number, before: number, after: number): Value {
  const zeros = (length: number): Value[] =>
    length === 0 ? [] : [expand(graph, graph.scalar(0, x.dtype), x.shape.with(axis, length))]
  return concat(graph, [...zeros(before), x, ...zeros(after)], axis)
}

/** One after the other along one axis. Gradient: the piece of each. */
export function concat(graph: Graph, values: readonly Value[], axis: number): Value {
  const [first] = values
  if (!first) throw new Error('Concat: of nothing')
  if (values.length === 1) return first
  const along = normalizeAxis('Concat', axis, first)
  const starts: number[] = []
  let size = 0
  for (const value of values) {
    const isAlike = sameShape(first.shape.with(along, 0), value.shape.with(along, 0))
    if (!isAlike || value.dtype !== first.dtype) {
      throw shapeError('Concat', `type or sizes beside axis ${axis} differ`, first, value)
    }
    starts.push(size)
    size += value.shape[along]!
  }
  return graph.apply('Concat', values, {
    shape: first.shape.with(along, size),
    attributes: { axis: { type: 'int', value: along } },
    gradients: values.map((value, index) => {
      const start = starts[index]!
      return (dy) => slice(graph, dy, along, start, start + value.shape[along]!)
    }),
  })
}

/** Pieces of one node: WebGPU binds at most 12 buffers to a kernel, where it has no more than it must. */
const maxPieces = 10

/** x cut into pieces of these sizes along one axis. No gradient flows through. */
export function split(graph: Graph, x: Value, axis: number, sizes: readonly number[]): Value[] {
  const along = normalizeAxis('Split', axis, x)
  if (sum(sizes) !== x.shape[along]) {
    throw shapeError('Split', `the pieces are not as long as axis ${axis} together`, x)
  }
  if (sizes.length === 1) return [x]
  if (sizes.length > maxPieces) {
    const perPart = Math.ceil(sizes.length / maxPieces)
    const parts = Array.from({ length: Math.ceil(sizes.length / perPart) }, (_, part) =>
      sizes.slice(part * perPart, (part + 1) * perPart),
    )
    return split(graph, x, along, parts.map(sum)).flatMap((piece, part) =>
      split(graph, piece, along, parts[part]!),
    )
  }
  return graph.applyMany(
    'Split',
    [x, graph.integers(sizes)],
    sizes.map((size) => ({ shape: x.shape.with(along, size), dtype: x.dtype })),
    { axis: { type: 'int', value: along } },
  )
}

function sum(sizes: readonly number[]): number {
  return sizes.reduce((total, size) => total + size, 0)
}
