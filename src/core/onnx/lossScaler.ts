/**
 * Dynamic loss scaling as in torch.amp: half as much after a step that overflowed, twice as much
 * after `growthInterval` steps in a row that did not. A power of two throughout, so scaling is exact.
 */
export interface LossScaler {
  readonly scale: number
  readonly overflowSteps: number
  /** What came of a step at `scale`. */
  stepped(isFinite: boolean): void
}

const initialScale = 2 ** 16
const growthInterval = 2000
/** 2^24 is past what any fp16 gradient needs: the smallest fp16 number is 2^−24. */
const maxScale = 2 ** 24

export function createLossScaler(): LossScaler {
  let scale = initialScale
  let overflowSteps = 0
  let goodSteps = 0
  return {
    get scale() {
      return scale
    },
    get overflowSteps() {
      return overflowSteps
    },
    stepped(isFinite) {
      if (!isFinite) {
        scale = Math.max(1, scale / 2)
        overflowSteps += 1
        goodSteps = 0
        return
      }
      goodSteps += 1
      if (goodSteps % growthInterval === 0) scale = Math.min(maxScale, scale * 2)
    },
  }
}
