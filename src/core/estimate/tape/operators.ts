import type { Storage } from './liveMemory'
import type { Tape, Value } from './tape'

/**
 * PyTorch's operators as far as memory goes: what each allocates, what its derivative reads
 * (pytorch/tools/autograd/derivatives.yaml), and what its backward formula allocates on the way.
 * Operators borrow their inputs; the result belongs to the caller. Views need no operator.
 */

/** Bytes of a dropout mask: one bool an element (aten::native_dropout). */
const maskWidth = 1

const max = Math.max

/** `x.to(dtype)`: the same tensor where the type is already right. */
export function cast(t: Tape, x: Value, width: number): Value {
  if (x.width === width) return t.keep(x)
  const storage = t.allocate(x.elements * width)
  return t.result(storage, x.elements, width, x.node !== null, [], (gradient) => {
    t.emit(x.node, t.allocate(x.elements * x.width))
    void gradient
  })
}

/** The gradient in the type of the input: the engine casts where an operator promoted. */
function emitAs(t: Tape, x: Value, gradient: Storage, width: number): void {
  if (x.width === width) {
    t.emit(x.node, gradient)
    return
  }
  const converted = t.allocate(x.elements * x.width)
  t.memory.release(gradient)
  t.emit(x.node, converted)
}

/** Multiplication by a number, tanh-free rescaling: nothing is saved, the gradient is a new tensor. */
export function scale(t: Tape, x: Value): Value {
  const storage = t.allocate(x.elements * x.width)
  return t.result(storage, x.elements, x.width, x.node !== null, [], () => {
    t.emit(x.node, t.allocate(x.elements * x.width))
  })
}

/** Addition of a constant, or of a tensor without gradient: nothing is saved, the gradient passes through. */
export function addConstant(t: Tape, x: Value): Value {
  const storage = t.allocate(x.elements * x.width)
  return t.result(storage, x.elements, x.width, x.node !== null, [], (gradient) => {
    t.emit(x.node, t.memory.hold(gradient))
  })
}

/** Elementwise sum; where types differ the wider one wins and the other's gradient is cast back. */
export function add(t: Tape, x: Value, y: Value): Value {
  const width = max(x.width, y.width)
  const storage = t.allocate(x.elements * width)
  const needsGradient = x.node !== null || y.node !== null
  return t.result(storage, x.elements, width, needsGradient, [], (gradient) => {
    if (x.node) emitAs(t, x, t.memory.hold(gradient), width)
    if (y.node) emitAs(t, y, t.memory.hold(gradient), width)
  })
}

/** `x += y`: the sum takes x's place. */
export function addInPlace(t: Tape, x: Value, y: Value): Value {
  t.keep(x)
  const needsGradient = x.node !== null || y.node !== null
  return t.result(x.storage, x.elements, x.width, needsGradient, [], (gradient) => {
    if (x.node) t.emit(x.node, t.memory.hold(gradient))
    if (y.node) t.emit(y.node, t.memory.hold(gradient))
  })
}

/** Elementwise product of two tensors of one shape. */
export function multiply(t: Tape, x: Value, y: Value): Value {
  const width = max(x.width, y.width)
  const storage = t.allocate(x.elements * width)
  const saved = [y.node ? x.storage : null, x.node ? y.storage : null]
  const needsGradient = x.node !== null || y.node !== null
  return t.result(storage, x.elements, width, needsGradient, saved, () => {
    const forX = x.node ? t.allocate(x.elements * width) : null
    const forY = y.node ? t.allocate(y.elements * width) : null
    if (forX) emitAs(t, x, forX, width)
    if (forY) emitAs(t, y, forY, width)
  })
}

/** Product with a small tensor that needs no gradient (cos, sin, a frozen weight). */
export function multiplyConstant(t: Tape, x: Value, constantWidth: number): Value {
  const width = max(x.width, constantWidth)
  const storage = t.allocate(x.elements * width)
  return t.result(storage, x.elements, width, x.node !== null, [null], () => {
    emitAs(t, x, t.allocate(x.elements * width), width)
  })
}

/**
 * Product of a large tensor and one that is broadcast to it and needs a gradient too: the small
 * one's gradient is first made in full, then summed.
 */
export function multiplyBroadcast(t: Tape, x: Value, small: Value): Value {
  const width = max(x.width, small.width)
  const storage = t.allocate(x.elements * width)
  const saved = [small.node ? x.storage : null, x.node ? small.storage : null]
  const needsGradient = x.node !== null || small.node !== null
  return t.result(storage, x.elements, width, needsGradient, saved, () => {
    const forX = x.node ? t.allocate(x.elements * width) : null
    if (small.node) {
      const full = t.allocate(x.elements * width)
      const summed = t.allocate(small.elements * width)
      t.memory.release(full)
      emitAs(t, small, summed, width)
    }
    if (forX) emitAs(t, x, forX, width)
  })
}

/** `x.pow(n)`: reads its input; the formula holds three more tensors of its size for a moment. */
export function power(t: Tape, x: Value, width = x.width): Value {
  const node = x.node
    ? t.record([x.storage], () => {
        const raised = t.allocate(x.elements * width)
        const scaled = t.allocate(x.elements * width)
        const product = t.allocate(x.elements * width)
        t.memory.release(raised)
        t.memory.release(scaled)
        emitAs(t, x, product, width)
      })
    : null
  return { storage: t.allocate(x.elements * width), elements: x.elements, width, node }
}

/** `x.mean(-1, keepdim=True)`: the gradient is spread and divided, a full tensor. */
export function meanOfRows(t: Tape, x: Value, rowCount: number): Value {
  const storage = t.allocate(rowCount * x.width)
  return t.result(storage, rowCount, x.width, x.node !== null, [], () => {
    t.emit(x.node, t.allocate(x.elements * x.width))
  })
}

/** An activation whose derivative reads its input (`input`) or its output (`output`). */
export function activation(t: Tape, x: Value, saves: 'input' | 'output'): Value {
  const storage = t.allocate(x.elements * x.width)
  const saved = [saves === 'input' ? x.storage : storage]
  return t.result(storage, x.elements, x.width, x.node !== null, saved, () => {
    t.emit(x.node, t.allocate(x.elements * x.width))
  })
}

/** Dropout keeps a mask of bools; nothing happens at rate 0. */
export function dropout(t: Tape, x: Value, rate: number): Value {
  if (rate === 0 || t.mode === 'inference') return t.keep(x)
  const kind = t.memory.kind
  const storage = t.allocate(x.elements * x.width)
  t.as('dropout masks')
  const mask = t.allocate(x.elements * maskWidth)
  t.memory.kind = kind
  const result = t.result(storage, x.elements, x.width, x.node !== null, [mask], () => {
    t.emit(x.node, t.allocate(x.elements * x.width))
  })
  t.memory.release(mask)
  return result
}

/** A copy in another layout; the gradient comes back as a view. */
export function copy(t: Tape, x: Value): Value {
  const storage = t.allocate(x.elements * x.width)
  return t.result(storage, x.elements, x.width, x.node !== null, [], (gradient) => {
    t.emit(x.node, t.memory.hold(gradient))
  })
}

/** A view whose gradient arrives in an order that must be copied (heads moved past the sequence). */
export function reorderedView(t: Tape, x: Value): Value {
  t.keep(x)
  return t.result(x.storage, x.elements, x.width, x.node !== null, [], () => {
    t.emit(x.node, t.allocate(x.elements * x.width))
  })
}

/** Part of a tensor by slicing: a view; its gradient is a tensor of the whole, zero elsewhere. */
export function slice(t: Tape, x: Value, elements: number): Value {
  t.keep(x)
  return t.result(x.storage, elements, x.width, x.node !== null, [], () => {
    t.emit(x.node, t.allocate(x.elements * x.width))
  })
}

/**
 * Parts by `split` or `chunk`: views that share one node, which joins the gradients of all parts in
 * one tensor of the whole.
 */
export function split(t: Tape, x: Value, sizes: readonly number[]): readonly Value[] {
  const parts: Value[] = []
  if (x.node === null || t.mode === 'inference') {
    return sizes.map((elements) => ({ ...t.keep(x), elements }))
  }
  const waiting: Storage[] = []
  const node = t.record([], () => {
    const joined = t.allocate(x.elements * x.width)
    for (const gradient of waiting.splice(0)) t.memory.release(gradient)
    t.emit(x.node, joined)
  })
  for (const elements of sizes) {
    t.keep(x)
    const part = t.record([], (gradient) => {
      waiting.push(t.memory.hold(gradient))
      // The first part to arrive wakes the node; the others only wait there.
      if (waiting.length === 1) t.emit(node, t.allocate(0))
    })
    parts.push({ storage: x.storage, elements, width: x.width, node: part })
  }
  return parts
}

/** Joins tensors; gradients are views of the whole. */
export function concatenate(t: Tape, parts: readonly Value[]): Value {
  const elements = parts.reduce((sum, part) => sum + part.elements, 0)
  const width = parts.reduce((widest, part) => max(widest, part.width), 0)
  const storage = t.allocate(elements * width)
  const needsGradient = parts.some((part) => part.node !== null)
  return t.result(storage, elements, width, needsGradient, [], (gradient) => {
    for (const part of parts) {
      if (part.node) emitAs(t, part, t.memory.hold(gradient), width)
    }
  })
}

/** Matrix product of two activations (attention scores, weighted values). */
export function matmul(t: Tape, x: Value, y: Value, elements: number): Value {
  const width = max(x.width, y.width)
  const node =
    x.node || y.node
      ? t.record([y.node ? x.storage : null, x.node ? y.storage : null], () => {
          const forY = y.node ? t.allocate(y.elements * width) : null
          const forX = x.node ? t.allocate(x.elements * width) : null
          if (forX) t.emit(x.node, forX)
          if (forY) t.emit(y.node, forY)
        })
      : null
  return { storage: t.allocate(elements * width), elements, width, node }
}

/** Softmax keeps its output; asked for in another type it works on a converted copy of its input. */
export function softmax(t: Tape, x: Value, width: number): Value {
  const input = cast(t, x, width)
  const storage = t.allocate(x.elements * width)
  const result = t.result(storage, x.elements, width, input.node !== null, [storage], () => {
    t.emit(input.node, t.allocate(x.elements * width))
  })
  t.drop(input)
  return result
}
