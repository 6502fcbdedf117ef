import * as z from 'zod'
import { type GpuSpec, usableBytes } from '../gpus'
import { Interval, Relief, Verdict } from './estimate'
import { estimateMemory } from './estimateMemory'
import { fitMatrix } from './fitMatrix'
import { type FitMethodId, fitMethodIds, fitMethods } from './fitMethods'
import { smallestGpu } from './gpuFit'
import { effectiveJob } from './effectiveJob'
import type { Job } from './job'
import { reliefSearch } from './reliefs'
import { type BareWeights, resolveModel, type ResolvedModel } from './resolvedModel'

/** The document `headroom/fit/1`: one model, a row per method, a cell per GPU; bytes, unknown is null. */

const FitCell = z.object({
  gpu: z.string(),
  /** Usable memory less the estimate; negative where it does not fit. */
  headroomBytes: z.number().nullable(),
  verdict: Verdict.nullable(),
  /** Where it does not surely fit: what would help, the cheapest first; else null. */
  reliefs: z.array(Relief).readonly().nullable(),
})
export type FitCell = z.infer<typeof FitCell>

const FitRow = z.object({
  method: z.enum(fitMethodIds),
  label: z.string(),
  /** Why it cannot be estimated; null where it can. */
  error: z.string().nullable(),
  parameterCount: z.number().nullable(),
  totalPeakBytes: z.number().nullable(),
  intervalBytes: Interval.nullable(),
  /** Of the whole table of GPUs, the one with the least memory that surely takes it. */
  smallestGpu: z.string().nullable(),
  cells: z.array(FitCell),
  assumptions: z.array(z.string()),
})
export type FitRow = z.infer<typeof FitRow>

export const FitReport = z.object({
  schema: z.literal('headroom/fit/1'),
  model: z.string(),
  batchSize: z.number(),
  sequenceLength: z.number(),
  gpus: z.array(
    z.object({
      id: z.string(),
      name: z.string(),
      usableBytes: z.number().nullable(),
      /** Whether it is in this machine. */
      isLocal: z.boolean(),
    }),
  ),
  rows: z.array(FitRow),
})
export type FitReport = z.infer<typeof FitReport>

export interface FitQuestion {
  /** As a person calls it. */
  readonly label: string
  readonly methods: readonly { readonly id: FitMethodId; readonly job: Job }[]
  readonly gpus: readonly GpuSpec[]
  readonly localGpuIds: ReadonlySet<string>
  /** Among which the smallest is looked for. */
  readonly allGpus: readonly GpuSpec[]
  /** The model where its jobs name a file. */
  readonly model: ResolvedModel | BareWeights | null
  readonly batchSize: number
  readonly sequenceLength: number
}

/** Every method on every GPU, with what would help where it does not fit. */
export function fitReport(question: FitQuestion): FitReport {
  const { label, methods, gpus, localGpuIds, allGpus, model, batchSize, sequenceLength } = question
  const matrix = fitMatrix(
    methods.map(({ job }) => job),
    gpus,
    model,
  )
  const rows = matrix.map(({ job, estimate, error, fits }, index): FitRow => {
    const method = methods[index]!.id
    const helps = estimate ? helpFor(job, model, estimate) : null
    return {
      method,
      label: labelOf(method, job, model ?? resolveModel(job)),
      error: error?.message ?? null,
      parameterCount: estimate?.parameterCount ?? null,
      totalPeakBytes: estimate?.totalPeakBytes ?? null,
      intervalBytes: estimate?.intervalBytes ?? null,
      smallestGpu: estimate ? (smallestGpu(estimate, allGpus)?.gpu.id ?? null) : null,
      cells: fits.map((fit, at): FitCell => ({
        gpu: gpus[at]!.id,
        headroomBytes: fit?.headroomBytes ?? null,
        verdict: fit?.verdict ?? null,
        reliefs: fit && helps && fit.verdict !== 'fits' ? helps(fit.usableBytes) : null,
      })),
      assumptions: [...(estimate?.assumptions ?? [])],
    }
  })
  return {
    schema: 'headroom/fit/1',
    model: label,
    batchSize,
    sequenceLength,
    gpus: gpus.map((gpu) => ({
      id: gpu.id,
      name: gpu.name,
      usableBytes: usableBytes(gpu)?.usableBytes ?? null,
      isLocal: localGpuIds.has(gpu.id),
    })),
    rows,
  }
}

/** A model that is stored quantized is not used in bf16, whatever the method is called. */
function labelOf(
  method: FitMethodId,
  job: Job,
  { architecture }: ResolvedModel | BareWeights,
): string {
  const { label } = fitMethods[method]
  const stored = architecture?.storedQuantization
  if (!stored || job.quantization !== null || method.startsWith('full')) return label
  return label.replace('bf16', `${stored.scheme} as stored`)
}

function helpFor(
  given: Job,
  model: FitQuestion['model'],
  estimate: Parameters<typeof reliefSearch>[2],
): ReturnType<typeof reliefSearch> | null {
  const resolved = model ?? resolveModel(given)
  if (resolved.architecture === null) return null
  const { job } = effectiveJob(given, resolved.architecture)
  return reliefSearch(job, resolved.architecture, estimate, (changed) =>
    estimateMemory(changed, { model: resolved }),
  )
}
