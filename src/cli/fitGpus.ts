import { builtInGpus } from '../core/builtInGpus'
import type { Device } from '../core/device'
import { InputError } from '../core/errors'
import { requireGpu } from '../core/estimate/estimateMemory'
import { findGpu, type GpuSpec } from '../core/gpus'
import { readDevices } from '../profiler/detect/detectMachine'
import { listOf } from './optionValues'

export interface FitGpus {
  readonly gpus: readonly GpuSpec[]
  readonly localIds: ReadonlySet<string>
}

/** One of each size that is for rent or for sale, from 16 to 180 GB. */
const usualGpus = [
  't4',
  'rtx-4090',
  'rtx-5090',
  'a100-40gb',
  'l40s',
  'h100-sxm',
  'h200',
  'b200',
] as const

/**
 * The GPUs of `--gpu t4,local`; without it those of this machine and the usual ones.
 * Throws InputError for an id that the table lacks, or where `local` means nothing.
 */
export async function readFitGpus(text: string | undefined): Promise<FitGpus> {
  const asked = text === undefined ? null : listOf('--gpu', text)
  const local = asked === null || asked.includes('local') ? await localGpus() : []
  if (asked?.includes('local') && local.length === 0) {
    throw new InputError({
      code: 'NOT_FOUND',
      path: '--gpu',
      message: 'local: no GPU of known memory was found here; headroom devices tells what there is',
    })
  }
  const named = (asked ?? usualGpus)
    .filter((id) => id !== 'local')
    .map((id) => requireGpu(id, builtInGpus))
  const known = new Set(local.map(({ id }) => id))
  return { gpus: [...local, ...named.filter(({ id }) => !known.has(id))], localIds: known }
}

/** Each kind of GPU in this machine once. */
async function localGpus(): Promise<readonly GpuSpec[]> {
  const devices = await readDevices(process.platform)
  const specs = devices.filter(({ kind }) => kind === 'gpu').flatMap(specOf)
  return [...new Map(specs.map((spec) => [spec.id, spec])).values()]
}

/** Its row of the table, else a row that holds no more than what the driver reports. */
function specOf(device: Device): GpuSpec[] {
  const { id, name, vendor, memoryTotalBytes, gpuId } = device
  const row = gpuId === null ? null : findGpu(builtInGpus, gpuId)
  if (row) return [row]
  const known = (['NVIDIA', 'AMD', 'Intel', 'Apple'] as const).find((each) => each === vendor)
  if (memoryTotalBytes === null || known === undefined) return []
  return [
    {
      id,
      name,
      vendor: known,
      segment: 'consumer',
      architecture: 'unknown',
      deviceNames: [name],
      unifiedMemory: device.unifiedMemory,
      memoryMarketedBytes: null,
      memoryTotalBytes: { value: memoryTotalBytes, source: device.source },
      memoryVisibleBytes: null,
      bandwidthBytesPerSecond: null,
      denseFlopsPerSecond: null,
      computeCapability: null,
      powerWatts: null,
      source: device.source,
      alsoPublished: [],
      notes: null,
    },
  ]
}
