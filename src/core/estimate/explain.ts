import * as z from 'zod'
import { memoryTermNames } from './memoryTerms'

/** How one term came about, so that a reader can redo the arithmetic with a pencil. */
export const ExplainedTerm = z
  .object({
    term: z.enum(memoryTermNames),
    /** Short name as formulas write it: `M_weights`. */
    symbol: z.string(),
    /** The formula in symbols: `N × b`. */
    formula: z.string(),
    /** The same formula with this job's numbers: `7e9 × 4 B`. */
    substituted: z.string(),
    bytes: z.number(),
    /** Where the formula or its constants come from. */
    source: z.string(),
  })
  .readonly()
export type ExplainedTerm = z.infer<typeof ExplainedTerm>
