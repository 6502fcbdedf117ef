import * as z from 'zod'
import { Estimate, ExplainedEstimate } from './estimate'
import { ExplainedTerm } from './explain'

/** `estimate --explain --json`: one estimate with its arithmetic. */
export const Explanation = z.object({
  schema: z.literal('headroom/explanation/1'),
  ...ExplainedEstimate.unwrap().shape,
})
export type Explanation = z.infer<typeof Explanation>

/** `estimate --precision a,b --json`: the same job in several precisions. */
export const Estimates = z.object({
  schema: z.literal('headroom/estimates/1'),
  rows: z.array(
    z.object({
      precision: z.string(),
      estimate: Estimate,
      /** What loading the weights takes, under the textbook; null elsewhere. */
      loading: Estimate.nullable(),
      /** With `--explain`; else null. */
      explained: z.array(ExplainedTerm).readonly().nullable(),
    }),
  ),
})
export type Estimates = z.infer<typeof Estimates>
