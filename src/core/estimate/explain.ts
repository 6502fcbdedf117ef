import type { MemoryTermName } from './memoryTerms'

/** How one term came about, so that a reader can redo the arithmetic with a pencil. */
export interface ExplainedTerm {
  readonly term: MemoryTermName
  /** Short name as formulas write it: `M_weights`. */
  readonly symbol: string
  /** The formula in symbols: `N × b`. */
  readonly formula: string
  /** The same formula with this job's numbers: `7e9 × 4 B`. */
  readonly substituted: string
  readonly bytes: number
  /** Where the formula or its constants come from. */
  readonly source: string
}
