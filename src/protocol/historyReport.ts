import * as z from 'zod'
import { RunSummary } from './contract'

/** `headroom/history/1`: the output of `headroom history --json`, the newest run first. */
export const HistoryReport = z.object({
  schema: z.literal('headroom/history/1'),
  runs: z.array(RunSummary),
})
export type HistoryReport = z.infer<typeof HistoryReport>
