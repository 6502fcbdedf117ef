/** The generator of test/reference/pytorchTraining.py: Numerical Recipes' linear congruential one, in [0, 1). */
export function createDraw(seed: number): () => number {
  let state = seed
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return state / 2 ** 32
  }
}

/** Evenly between −bound and bound. */
export function drawTensor(draw: () => number, count: number, bound: number): Float32Array {
  return Float32Array.from({ length: count }, () => (2 * draw() - 1) * bound)
}
