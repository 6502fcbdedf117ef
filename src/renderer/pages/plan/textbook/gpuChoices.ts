import rows from '../../../../../resources/gpus.json'
import { GB, GiB } from '../../../../core/units'

// Straight from the file: the table's schema checks it in core's tests, and would weigh on the page.

/** A row of the built-in table with the memory that the textbook compares with. */
export interface GpuChoice {
  readonly id: string
  readonly name: string
  readonly segment: 'dataCentre' | 'workstation' | 'consumer'
  /** The figure on the box in its own GB, or null where nobody printed one. */
  readonly marketedGigabytes: number | null
  /** What CUDA lets a process see, or null where nobody printed it. */
  readonly visibleBytes: number | null
  /** What may be filled: the visible memory, else the figure on the box taken as 10⁹ bytes each. */
  readonly limitBytes: number
}

/** Every GPU whose memory is known, in the order of the table. */
export const gpuChoices: readonly GpuChoice[] = rows.flatMap((row) => {
  const marketed = row.memoryMarketedBytes?.value ?? null
  const visibleBytes = row.memoryVisibleBytes?.value ?? null
  const marketedGigabytes = marketed === null ? null : marketed / GiB
  const limitBytes = visibleBytes ?? (marketedGigabytes === null ? null : marketedGigabytes * GB)
  if (limitBytes === null) return []
  const { id, name } = row
  const segment = row.segment as GpuChoice['segment']
  return [{ id, name, segment, marketedGigabytes, visibleBytes, limitBytes }]
})

/** The choices as a select groups them. */
export const gpuSegments = ['dataCentre', 'workstation', 'consumer'] as const
