import { formatShape, type Value } from '../graph'

/** An operator was given shapes that do not go together: a bug in the network that was built. */
export function shapeError(opType: string, problem: string, ...operands: readonly Value[]): Error {
  const shapes = operands.map(({ name, shape }) => `${name} ${formatShape(shape)}`)
  return new Error(`${opType}: ${problem} (${shapes.join(', ')})`)
}

/** 0 to rank − 1 for an axis that may be counted from the end. Throws where there is no such axis. */
export function normalizeAxis(opType: string, axis: number, value: Value): number {
  const rank = value.shape.length
  if (!Number.isInteger(axis) || axis < -rank || axis >= rank) {
    throw shapeError(opType, `there is no axis ${axis}`, value)
  }
  return axis < 0 ? axis + rank : axis
}

/** Throws unless both are of the same element type. */
export function expectSameType(opType: string, a: Value, b: Value): void {
  if (a.dtype !== b.dtype) {
    throw new Error(`${opType}: ${a.name} is ${a.dtype}, ${b.name} is ${b.dtype}; cast one of them`)
  }
}

/** The common shape of two operands by NumPy's rules: sizes from the right, 1 stretches. */
export function broadcastShape(opType: string, a: Value, b: Value): number[] {
  const rank = Math.max(a.shape.length, b.shape.length)
  return Array.from({ length: rank }, (_, axis) => {
    const sizeA = a.shape[a.shape.length - rank + axis] ?? 1
    const sizeB = b.shape[b.shape.length - rank + axis] ?? 1
    if (sizeA !== sizeB && sizeA !== 1 && sizeB !== 1) {
      throw shapeError(opType, `sizes ${sizeA} and ${sizeB} do not broadcast`, a, b)
    }
    return sizeA === 1 ? sizeB : sizeA
  })
}
