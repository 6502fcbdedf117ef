import type { FrontierEvent, FrontierReport, SizeAttempt } from '../../../../core/plan/largest'

/** One batch at one sequence length, as it was tried. */
export interface FrontierAttempt extends SizeAttempt {
  readonly sequenceLength: number
}

/** A search of the frontier as a page shows it: its events folded. */
export interface FrontierState {
  readonly isRunning: boolean
  readonly limitBytes: number | null
  /** By sequence length. */
  readonly predicted: readonly { readonly sequenceLength: number; readonly predicted: number }[]
  /** In the order in which they were tried. */
  readonly attempts: readonly FrontierAttempt[]
  /** What came of it; null while it goes on, or where it was cancelled. */
  readonly report: FrontierReport | null
  /** Why it broke off, one line. */
  readonly problem: string | null
}

export const idleFrontier: FrontierState = {
  isRunning: false,
  limitBytes: null,
  predicted: [],
  attempts: [],
  report: null,
  problem: null,
}

export function applyFrontierEvent(state: FrontierState, event: FrontierEvent): FrontierState {
  switch (event.type) {
    case 'predicted':
      return { ...state, limitBytes: event.limitBytes, predicted: event.points }
    case 'attempt': {
      const attempt = { ...event.attempt, sequenceLength: event.sequenceLength }
      return { ...state, attempts: [...state.attempts, attempt] }
    }
    case 'point':
      return state // its attempts have come one by one
    case 'report':
      return { ...state, isRunning: false, report: event.report }
  }
}

/** The largest batch that ran at each sequence length, beside theory's; null where none ran. */
export interface FrontierRow {
  readonly sequenceLength: number
  readonly predicted: number
  readonly largest: number | null
  readonly tooLarge: number | null
}

export function frontierRows({ predicted, attempts }: FrontierState): readonly FrontierRow[] {
  return predicted.map(({ sequenceLength, predicted: batch }) => {
    const here = attempts.filter((attempt) => attempt.sequenceLength === sequenceLength)
    const sizes = (fits: boolean) => here.filter((one) => one.fits === fits).map(({ size }) => size)
    const [ran, failed] = [sizes(true), sizes(false)]
    return {
      sequenceLength,
      predicted: batch,
      largest: ran.length > 0 ? Math.max(...ran) : null,
      tooLarge: failed.length > 0 ? Math.min(...failed) : null,
    }
  })
}
