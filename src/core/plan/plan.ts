import * as z from 'zod'
import { Device, ExecutionProvider } from '../device'
import { Step } from '../run/record'
import { Workload } from './workload'

export const Verdict = z.enum(['fits', 'doesNotFit', 'tooCloseToCall'])
export type Verdict = z.infer<typeof Verdict>

/** What will be run and what should come out, before anything runs. */
export const Plan = z.object({
  schema: z.literal('headroom/plan/1'),
  workload: Workload,
  device: Device,
  provider: ExecutionProvider,
  /** What the provider may use of the device's memory; null where nobody reports it. */
  usableBytes: z.number().nullable(),
  /** In the order in which they run; those that can't are `skipped`, with the reason. */
  steps: z.array(z.object({ step: Step, verdict: Verdict.nullable() })),
})
export type Plan = z.infer<typeof Plan>
