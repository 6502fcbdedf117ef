import * as z from 'zod'
import { EnginePhase, MemorySample, RunOutcome, RunRecord, Step, Validation } from './record'

/**
 * What happens in a run, in order. A record is these events folded (`applyRunEvent`), so the store,
 * the live page and the terminal cannot disagree. `step` is the index in `record.steps`.
 */
export const RunEvent = z.discriminatedUnion('type', [
  /** The first event: every step is there as `planned` or `skipped`. */
  z.object({ type: z.literal('runStarted'), record: RunRecord }),
  z.object({ type: z.literal('stepStarted'), step: z.int(), tMs: z.number() }),
  z.object({ type: z.literal('phase'), step: z.int(), phase: EnginePhase, tMs: z.number() }),
  /** About ten a second while a step runs. */
  z.object({ type: z.literal('memory'), step: z.int(), samples: z.array(MemorySample) }),
  z.object({
    type: z.literal('progress'),
    step: z.int(),
    /** 0 to 1 over this step. */
    fraction: z.number(),
    /** For this step; null while it cannot be told. */
    remainingMs: z.number().nullable(),
    /** Samples (images, sequences) per second over the last tenth of a second or so. */
    throughputPerSecond: z.number().nullable(),
  }),
  z.object({ type: z.literal('latency'), step: z.int(), samplesMs: z.array(z.number()) }),
  z.object({
    type: z.literal('epoch'),
    step: z.int(),
    epoch: z.int(),
    loss: z.number(),
    testAccuracy: z.number(),
  }),
  /** Training losses of the optimizer steps that followed, in order. */
  z.object({ type: z.literal('losses'), step: z.int(), losses: z.array(z.number()) }),
  z.object({ type: z.literal('validation'), step: z.int(), validation: Validation }),
  /** Figures as they become known, merged into the step. */
  z.object({ type: z.literal('stepUpdated'), step: z.int(), update: Step.partial() }),
  z.object({
    type: z.literal('stepEnded'),
    step: z.int(),
    tMs: z.number(),
    update: Step.partial().required({ outcome: true }),
  }),
  z.object({ type: z.literal('runEnded'), outcome: RunOutcome }),
])
export type RunEvent = z.infer<typeof RunEvent>

/** An event with its place in the run, so that a viewer who was away asks for what he missed. */
export const NumberedRunEvent = z.object({ sequence: z.int(), event: RunEvent })
export type NumberedRunEvent = z.infer<typeof NumberedRunEvent>
