import * as z from 'zod'
import { formatBytes } from './units'

/**
 * The table of GPUs (resources/gpus.json): published figures, each with where it was read; one that
 * says "not re-read" names the vendor's document that prints it without our having opened it. Nothing here
 * was measured on this machine; what is measured lives in its own record. Where nobody printed a
 * figure it is null, and where two sources disagree the other one is in `alsoPublished`.
 */

const Sourced = z.object({ value: z.number().positive(), source: z.string().min(1) })
/** A printed figure and who printed it. */
export type Sourced = z.infer<typeof Sourced>

const flopsPerSecond = z.number().positive().nullable()

export const GpuSpec = z.strictObject({
  /** Lower-case kebab, a contract: `t4`, `a100-80gb`, `rtx-4090`. */
  id: z.string().regex(/^[a-z0-9]+(-[a-z0-9]+)*$/),
  name: z.string().min(1),
  vendor: z.enum(['NVIDIA', 'AMD', 'Intel', 'Apple']),
  segment: z.enum(['dataCentre', 'workstation', 'consumer']),
  architecture: z.string().min(1),
  /** What drivers call it (`nvidia-smi --query-gpu=name`); several memory sizes may share a name. */
  deviceNames: z.array(z.string().min(1)),
  /** Whether it shares the host's memory. */
  unifiedMemory: z.boolean(),
  /**
   * The figure on the box. Vendors print GB and mean 2³⁰ bytes: an "80 GB" H100 totals 81,559 MiB,
   * more than 80 × 10⁹ bytes, so a marketed GB counts as a GiB here.
   */
  memoryMarketedBytes: Sourced.nullable(),
  /** NVML's total, as nvidia-smi prints it. */
  memoryTotalBytes: Sourced.nullable(),
  /** What CUDA lets a process see: cudaMemGetInfo, torch's total_memory. */
  memoryVisibleBytes: Sourced.nullable(),
  bandwidthBytesPerSecond: Sourced.nullable(),
  /** Dense rates (never with sparsity); matrix units where the type has them. int8 counts OPS. */
  denseFlopsPerSecond: z
    .strictObject({
      fp32: flopsPerSecond,
      tf32: flopsPerSecond,
      fp16: flopsPerSecond,
      bf16: flopsPerSecond,
      fp8: flopsPerSecond,
      int8: flopsPerSecond,
      source: z.string().min(1),
    })
    .nullable(),
  /** CUDA's, null for other vendors. */
  computeCapability: z
    .string()
    .regex(/^\d+\.\d$/)
    .nullable(),
  powerWatts: Sourced.nullable(),
  /** Of the row as a whole: the vendor's document, or who collected its figures. */
  source: z.string().min(1),
  /** Figures of other sources that disagree; `field` is a dotted path in this row. */
  alsoPublished: z.array(
    z.strictObject({
      field: z.string(),
      value: z.number().positive(),
      source: z.string().min(1),
    }),
  ),
  notes: z.string().nullable(),
})
export type GpuSpec = z.infer<typeof GpuSpec>

export interface UsableMemory {
  readonly usableBytes: number
  /** What had to be assumed, in one line; null when the visible memory is on record. */
  readonly assumption: string | null
}

/**
 * Share of a GPU's total that CUDA leaves visible where nobody printed it: the 30 rows that carry
 * both figures lie between 0.955 (RTX 3070) and 0.996 (H200), the T4 at 0.971.
 */
export const assumedVisibleShare = 0.97

/** The row with this id, or null. */
export function findGpu(specs: readonly GpuSpec[], id: string): GpuSpec | null {
  return specs.find((spec) => spec.id === id) ?? null
}

/**
 * The row that a driver's device name means, or null: names must be equal but for the vendor's
 * prefixes and case, so a laptop GPU never passes for the card it is named after. Cards that are
 * sold under one name with several memory sizes need `memoryTotalBytes` (NVML's) to be told apart.
 */
export function matchGpuByName(
  specs: readonly GpuSpec[],
  deviceName: string,
  memoryTotalBytes: number | null = null,
): GpuSpec | null {
  const wanted = normalizeDeviceName(deviceName)
  const matches = specs.filter((spec) =>
    spec.deviceNames.some((name) => normalizeDeviceName(name) === wanted),
  )
  const [first, ...others] = matches
  if (first === undefined) return null
  if (others.length === 0) return first
  if (memoryTotalBytes === null) return null
  const distance = (spec: GpuSpec): number =>
    Math.abs((spec.memoryMarketedBytes?.value ?? 0) - memoryTotalBytes)
  return others.reduce((best, spec) => (distance(spec) < distance(best) ? spec : best), first)
}

/** The memory a process can use: CUDA's figure, else 0.97 × the total, said. Null when no figure is known. */
export function usableBytes(spec: GpuSpec): UsableMemory | null {
  if (spec.memoryVisibleBytes !== null) {
    return { usableBytes: spec.memoryVisibleBytes.value, assumption: null }
  }
  const total = spec.memoryTotalBytes ?? spec.memoryMarketedBytes
  if (total === null) return null
  const kind = spec.memoryTotalBytes === null ? 'marketed' : 'total'
  const shared = spec.unifiedMemory ? '; the system shares it' : ''
  return {
    usableBytes: Math.floor(total.value * assumedVisibleShare),
    assumption: `${spec.name}: ${assumedVisibleShare} × the ${kind} ${formatBytes(total.value)} is taken as usable, no figure of CUDA is on record${shared}`,
  }
}

function normalizeDeviceName(name: string): string {
  return name
    .toLowerCase()
    .replaceAll(/\(r\)|\(tm\)/g, '')
    .replaceAll(/\b(nvidia|geforce|tesla|amd|intel|graphics)\b/g, '')
    .replaceAll(/[\s-]+/g, ' ')
    .trim()
}
