import { eventIterator, oc, type } from '@orpc/contract'
import * as z from 'zod'
import { DevicesReport } from '../core/device'
import type { BareWeights, ResolvedModel } from '../core/estimate/resolvedModel'
import { NumberedMonitorEvent } from '../core/monitor/monitorState'
import { DoctorReport } from '../core/doctor/doctorReport'
import { Plan } from '../core/plan/plan'
import { FrontierEvent, LargestEvent, SizeName } from '../core/plan/largest'
import { ImagePresetName, Workload } from '../core/plan/workload'
import { NumberedRunEvent } from '../core/run/events'
import { RunOutcome, RunRecord } from '../core/run/record'
import { CudaSetupEvent } from './cudaSetup'
import { RecordedSpan, RecordingId, RecordingListing } from './recordings'
import type { RecordedLines, RecordingReport } from './recordings'
import { QuantizationAccuracy, QuantizedNetwork } from './quantization'

// What a page, the terminal or another program may ask of the application, over any transport.

export const About = z.object({
  version: z.string(),
  host: z.enum(['desktop', 'web', 'terminal']),
  dataFolder: z.string(),
})
export type About = z.infer<typeof About>

/** One line of the history. */
export const RunSummary = z.object({
  id: z.string(),
  startedAt: z.string(),
  outcome: RunOutcome,
  deviceName: z.string(),
  network: z.string(),
  provider: z.string(),
  modes: z.array(z.string()),
  precisions: z.array(z.string()),
  batchSize: z.int(),
  stepCount: z.int(),
  completedStepCount: z.int(),
  /** False where the stored record no longer has the checksum it was stored with. */
  intact: z.boolean(),
  /** True where it is undamaged, but another version of Headroom wrote it in a form not read here. */
  otherVersion: z.boolean(),
})
export type RunSummary = z.infer<typeof RunSummary>

export const reportFormats = ['html', 'pdf', 'md', 'csv', 'json'] as const
export const ReportFormat = z.enum(reportFormats)
export type ReportFormat = z.infer<typeof ReportFormat>

const RunId = z.object({ id: z.string().max(64) })
const errors = {
  /** One line that a person can act on. */
  BAD_INPUT: { data: z.object({ path: z.string().nullable(), file: z.string().nullable() }) },
  NOT_FOUND: {},
  /** Something is being measured: this run, or, null, a search for the largest size. */
  BUSY: { data: z.object({ runId: z.string().nullable() }) },
}
const procedure = oc.errors(errors)

export const hostContract = {
  about: procedure.output(About),
  devices: procedure.input(z.object({ refresh: z.boolean() })).output(DevicesReport),
  doctor: procedure.input(z.object({ refresh: z.boolean() })).output(DoctorReport),
  /** Whoever stops listening cancels; what is complete is kept. */
  setupCuda: procedure
    .input(
      z.object({
        action: z.enum(['setUp', 'dryRun', 'undo', 'status']),
        /** Folder with the wheels on the machine that Headroom runs on; null: pip fetches them. */
        from: z.string().max(4096).nullable(),
        withCudnn: z.boolean(),
        /** Whether libraries that the machine has already are used instead of fetched. */
        reuse: z.boolean().default(true),
      }),
    )
    .output(eventIterator(CudaSetupEvent)),
  plan: procedure.input(Workload).output(Plan),
  models: {
    /**
     * What an estimate needs of a config.json, model folder, .safetensors, .gguf or .onnx on the
     * host's disk: headers are read, tensors never. BAD_INPUT names the file and its field.
     */
    read: procedure
      .input(z.object({ path: z.string().min(1).max(4096) }))
      .output(type<ResolvedModel | BareWeights>()),
  },
  runs: {
    /** Starts it and returns at once; the run goes on whoever listens. BUSY while another runs. */
    start: procedure.input(Workload).output(z.object({ id: z.string() })),
    /** Everything after `after` (−1: from the beginning), then what happens, until the run ends. */
    events: procedure
      .input(z.object({ id: z.string().max(64), after: z.int() }))
      .output(eventIterator(NumberedRunEvent)),
    cancel: procedure.input(RunId),
    /** The run that is going on, if any. */
    current: procedure.output(z.object({ id: z.string().nullable() })),
  },
  /** Several may look at once; one of them is in control and may start, cancel and delete. */
  viewers: {
    /** @param viewerId the same after a reload, which then does not cost the control; null: nobody's */
    follow: procedure
      .input(
        z.object({
          viewerId: z
            .string()
            .regex(/^[\w-]{16,64}$/)
            .nullable(),
        }),
      )
      .output(eventIterator(z.object({ viewerCount: z.int(), isInControl: z.boolean() }))),
    /** From now on the caller is the one in control. */
    take: procedure.output(z.void()),
  },
  monitor: {
    /** Everything after `after` (−1: a snapshot first), then what happens, as long as one listens. */
    events: procedure
      .input(z.object({ after: z.int() }))
      .output(eventIterator(NumberedMonitorEvent)),
  },
  /** What the GPUs did beside any program, kept in the data folder. */
  recordings: {
    /** Newest first. */
    list: procedure.output(z.array(RecordingListing)),
    /** Begins one, or tells of the one that goes on; it goes on whoever looks. */
    start: procedure.output(RecordingId),
    stop: procedure.output(z.void()),
    get: procedure.input(RecordingId).output(type<RecordingReport>()),
    /** Of one GPU between two moments, about a thousand points each. */
    lines: procedure.input(RecordedSpan).output(type<RecordedLines>()),
    /** The file, piece by piece: what `headroom monitor --replay` reads. */
    read: procedure
      .input(RecordingId.extend({ offset: z.int().min(0) }))
      .output(z.object({ content: z.instanceof(Blob), nextOffset: z.int().nullable() })),
    remove: procedure.input(RecordingId),
  },
  /** The largest batch or longest sequence of the first step that really runs. BUSY while a run goes on. */
  largest: procedure
    .input(
      z.object({
        workload: Workload,
        size: SizeName,
        memoryLimitBytes: z.number().positive().nullable(),
      }),
    )
    .output(eventIterator(LargestEvent)),
  /**
   * The largest batch that really runs at each of a few sequence lengths, in bounded time. BUSY while a
   * run goes on; whoever stops listening cancels.
   */
  frontier: procedure
    .input(
      z.object({
        workload: Workload,
        /** null: a quarter of the workload's own to four times as many. */
        sequenceLengths: z.array(z.int().min(1)).min(1).max(12).nullable(),
        memoryLimitBytes: z.number().positive().nullable(),
        timeLimitMs: z.number().min(1000).max(3_600_000),
      }),
    )
    .output(eventIterator(FrontierEvent)),
  history: {
    list: procedure.output(z.array(RunSummary)),
    get: procedure.input(RunId).output(RunRecord),
    remove: procedure.input(RunId),
  },
  quantization: {
    /** Histogram, error curves and calibrated alphas of every calibrated tensor. */
    network: procedure.input(z.object({ preset: ImagePresetName })).output(QuantizedNetwork),
    /** Test accuracy of the int8 network with these alphas, by tensor name. */
    accuracy: procedure
      .input(
        z.object({
          preset: ImagePresetName,
          alphas: z.record(z.string().max(200), z.number().positive()),
        }),
      )
      .output(QuantizationAccuracy),
  },
  reports: {
    /** The finished file; `language` decides its words. */
    create: procedure
      .input(
        z.object({
          id: z.string().max(64),
          format: ReportFormat,
          language: z.enum(['en', 'zh-CN']),
        }),
      )
      .output(
        z.object({ fileName: z.string(), mediaType: z.string(), content: z.instanceof(Blob) }),
      ),
  },
}
