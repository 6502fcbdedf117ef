import type { DataType } from '../../dtype'
import type { Graph, Value } from '../graph'
import { broadcastShape, expectSameType } from './shapeError'
import { sumTo } from './sum'

/**
 * Operators that treat each element alone. Binary ones broadcast as NumPy does; the gradient of what
 * was stretched is summed back to its shape.
 */

/** a + b. Gradient: dy, dy. */
export function add(graph: Graph, a: Value, b: Value): Value {
  expectSameType('Add', a, b)
  return graph.apply('Add', [a, b], {
    shape: broadcastShape('Add', a, b),
    gradients: [(dy) => sumTo(graph, dy, a.shape), (dy) => sumTo(graph, dy, b.shape)],
  })
}

/** a − b. Gradient: dy, −dy. */
export function sub(graph: Graph, a: Value, b: Value): Value {
  expectSameType('Sub', a, b)
  return graph.apply('Sub', [a, b], {
    shape: broadcastShape('Sub', a, b),
    gradients: [(dy) => sumTo(graph, dy, a.shape), (dy) => neg(graph, sumTo(graph, dy, b.shape))],
  })
}

/** a · b. Gradient: dy · b, dy · a. */
export function mul(graph: Graph, a: Value, b: Value): Value {
  expectSameType('Mul', a, b)
  return graph.apply('Mul', [a, b], {
    shape: broadcastShape('Mul', a, b),
    gradients: [
      (dy) => sumTo(graph, mul(graph, dy, b), a.shape),
      (dy) => sumTo(graph, mul(graph, dy, a), b.shape),
    ],
  })
}

/** a ÷ b. Gradient: dy ÷ b, −dy · y ÷ b. */
export function div(graph: Graph, a: Value, b: Value): Value {
  expectSameType('Div', a, b)
  return graph.apply('Div', [a, b], {
    shape: broadcastShape('Div', a, b),
    gradients: [
      (dy) => sumTo(graph, div(graph, dy, b), a.shape),
      (dy, y) => neg(graph, sumTo(graph, div(graph, mul(graph, dy, y), b), b.shape)),
    ],
  })
}

/** −x. Gradient: −dy. */
export function neg(graph: Graph, x: Value): Value {
  return unary(graph, 'Neg', x, (dy) => neg(graph, dy))
}

/** eˣ. Gradient: dy · y. */
export function exp(graph: Graph, x: Value): Value {
  return unary(graph, 'Exp', x, (dy, y) => mul(graph, dy, y))
}

/** ln x. Gradient: dy ÷ x. */
export function log(graph: Graph, x: Value): Value {
  return unary(graph, 'Log', x, (dy) => div(graph, dy, x))
}

/** √x. Gradient: dy ÷ 2y. */
export function sqrt(graph: Graph, x: Value): Value {
  return unary(graph, 'Sqrt', x, (dy, y) => div(graph, dy, mul(graph, y, scalarOf(graph, 2, x))))
}

/** tanh x. Gradient: dy · (1 − y²). */
export function tanh(graph: Graph, x: Value): Value {
  return unary(graph, 'Tanh', x, (dy, y) =>
    mul(graph, dy, sub(graph, scalarOf(graph, 1, x), mul(graph, y, y))),
  )
}

/** 1 ÷ (1 + e⁻ˣ). Gradient: dy · y · (1 − y). */
export function sigmoid(graph: Graph, x: Value): Value {
  return unary(graph, 'Sigmoid', x, (dy, y) =>
    mul(graph, dy, mul(graph, y, sub(graph, scalarOf(graph, 1, x), y))),
  )
}

/** The error function, which ONNX Runtime has up to fp32. Gradient: dy · 2 ÷ √π · e^(−x²). */
export function erf(graph: Graph, x: Value): Value {
  if (x.dtype === 'fp64') return cast(graph, erf(graph, cast(graph, x, 'fp32')), 'fp64')
  return unary(graph, 'Erf', x, (dy) => {
    const bell = exp(graph, neg(graph, mul(graph, x, x)))
    return mul(graph, dy, mul(graph, bell, scalarOf(graph, 2 / Math.sqrt(Math.PI), x)))
  })
}

/** max(x, 0). Gradient: dy where y > 0, so that x need not be kept. */
export function relu(graph: Graph, x: Value): Value {
  return unary(graph, 'Relu', x, (dy, y) => {
    const zero = scalarOf(graph, 0, x)
    return where(graph, greater(graph, y, zero), dy, zero)
  })
}

/** |x|. Gradient: dy, negative where x is. */
export function abs(graph: Graph, x: Value): Value {
  return unary(graph, 'Abs', x, (dy) =>
    where(graph, greater(graph, x, scalarOf(graph, 0, x)), dy, neg(graph, dy)),
  )
}

/** Nearest whole number, ties to even. Nothing flows back. */
export function round(graph: Graph, x: Value): Value {
  return graph.apply('Round', [x], { shape: x.shape })
}

/** The same number in another type. Gradient: cast back. */
export function cast(graph: Graph, x: Value, dtype: DataType): Value {
  if (x.dtype === dtype) return x
  return graph.apply('Cast', [x], {
    shape: x.shape,
    dtype,
    attributes: { to: { type: 'int', value: castTargets[dtype] } },
    gradients: [(dy) => cast(graph, dy, x.dtype)],
  })
}

/** Where the condition holds a, else b. Gradient: dy in the one, 0 in the other. */
export function where(graph: Graph, condition: Value, a: Value, b: Value): Value {
  expectSameType('Where', a, b)
  const chosen: Value = { ...a, shape: broadcastShape('Where', a, b) }
  const zero = (): Value => graph.scalar(0, a.dtype)
  return graph.apply('Where', [condition, a, b], {
    dtype: a.dtype,
    shape: broadcastShape('Where', condition, chosen),
    gradients: [
      null,
      (dy) => sumTo(graph, where(graph, condition, dy, zero()), a.shape),
      (dy) => sumTo(graph, where(graph, condition, zero(), dy), b.shape),
    ],
  })
}

/** a > b, as bool. */
export function greater(graph: Graph, a: Value, b: Value): Value {
  return compare(graph, 'Greater', a, b)
}

/** a ≤ b, as bool; false where one is not a number. */
export function lessOrEqual(graph: Graph, a: Value, b: Value): Value {
  return compare(graph, 'LessOrEqual', a, b)
}

/** a = b, as bool. On WebGPU only up to 32 bits run on the device. */
export function equal(graph: Graph, a: Value, b: Value): Value {
  return compare(graph, 'Equal', a, b)
}

export function not(graph: Graph, x: Value): Value {
  return graph.apply('Not', [x], { shape: x.shape })
}

/** a and b, as bool. */
export function and(graph: Graph, a: Value, b: Value): Value {
  return compare(graph, 'And', a, b)
}

function compare(graph: Graph, opType: string, a: Value, b: Value): Value {
  expectSameType(opType, a, b)
  // CUDA compares no bf16.
  const [left, right] = [a, b].map((x) => (x.dtype === 'bf16' ? cast(graph, x, 'fp32') : x))
  return graph.apply(opType, [left!, right!], {
    shape: broadcastShape(opType, a, b),
    dtype: 'bool',
  })
}

function unary(
  graph: Graph,
  opType: string,
  x: Value,
  gradient: (dy: Value, y: Value) => Value,
): Value {
  return graph.apply(opType, [x], { shape: x.shape, gradients: [gradient] })
}

/** A constant of x's type. */
function scalarOf(graph: Graph, value: number, x: Value): Value {
  return graph.scalar(value, x.dtype)
}

/** TensorProto.DataType, which Cast takes as its attribute `to`. */
const castTargets: Readonly<Record<DataType, number>> = {
  fp32: 1,
  uint8: 2,
  int8: 3,
  int32: 6,
  int64: 7,
  bool: 9,
  fp16: 10,
  fp64: 11,
  bf16: 16,
  int4: 22,
}
