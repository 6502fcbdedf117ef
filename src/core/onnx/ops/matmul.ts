import { elementCount, formatShape, type Graph, sameShape, type Value } from '../graph'
import { reshape } from './reshape'
import { expectSameType, shapeError } from './shapeError'
import { sumTo } from './sum'

interface Transposition {
  readonly transposeA?: boolean
  readonly transposeB?: boolean
}

/**
 * a · b of two matrices, either of them transposed, plus `bias` (one per column) where given.
 * Gemm takes transposed operands as they lie, so neither pass copies a matrix to turn it.
 * Gradient: dy · bᵀ, aᵀ · dy (each in the layout of its operand), the column sums of dy.
 */
export function gemm(
  graph: Graph,
  a: Value,
  b: Value,
  bias: Value | null = null,
  { transposeA = false, transposeB = false }: Transposition = {},
): Value {
  expectSameType('Gemm', a, b)
  const [rows, innerA] = sizes(a, transposeA)
  const [innerB, columns] = sizes(b, transposeB)
  if (innerA !== innerB) throw shapeError('Gemm', `inner sizes ${innerA} and ${innerB}`, a, b)
  if (bias && !sameShape(bias.shape, [columns])) {
    throw shapeError('Gemm', `the bias is not ${formatShape([columns])}`, bias)
  }
  const inputs = bias ? [a, b, bias] : [a, b]
  return graph.apply('Gemm', inputs, {
    shape: [rows, columns],
    attributes: {
      transA: { type: 'int', value: transposeA ? 1 : 0 },
      transB: { type: 'int', value: transposeB ? 1 : 0 },
    },
    gradients: [
      (dy) =>
        transposeA
          ? gemm(graph, b, dy, null, { transposeA: transposeB, transposeB: true })
          : gemm(graph, dy, b, null, { transposeB: !transposeB }),
      (dy) =>
        transposeB
          ? gemm(graph, dy, a, null, { transposeA: true, transposeB: transposeA })
          : gemm(graph, a, dy, null, { transposeA: !transposeA }),
      ...(bias ? [(dy: Value) => sumTo(graph, dy, bias.shape)] : []),
    ],
  })
}

function sizes(matrix: Value, isTransposed: boolean): [rows: number, columns: number] {
  const [rows, columns, ...more] = matrix.shape
  if (rows === undefined || columns === undefined || more.length > 0) {
    throw shapeError('Gemm', 'not a matrix', matrix)
  }
  return isTransposed ? [columns, rows] : [rows, columns]
}

/** x · w + bias over the last axis of x, whatever comes before it; w is [inputs, outputs]. */
export function linear(graph: Graph, x: Value, w: Value, bias: Value | null = null): Value {
  const features = x.shape.at(-1)
  if (features === undefined) throw shapeError('linear', 'a scalar has no features', x)
  const rows = reshape(graph, x, [elementCount(x.shape) / features, features])
  const y = gemm(graph, rows, w, bias)
  return reshape(graph, y, [...x.shape.slice(0, -1), y.shape[1]!])
}
