import { builtInGpus } from '../../../core/builtInGpus'
import type { Device } from '../../../core/device'
import { findGpu, type GpuSpec, usableBytes } from '../../../core/gpus'
import type { FitDraft } from './fitDraft'

/** A GPU as the matrix shows it. */
export interface FitGpu {
  readonly spec: GpuSpec
  /** Without vendor and memory, which stand beside it: `RTX 4090`. */
  readonly shortName: string
  /** null where nobody reports how much memory it has. */
  readonly usableBytes: number | null
  /** Whether this machine has one. */
  readonly isLocal: boolean
}

/** GPUs that people rent or own most, from a small to a large one. */
const common = [
  't4',
  'rtx-3060-12gb',
  'l4',
  'rtx-4090',
  'rtx-5090',
  'a100-40gb',
  'l40s',
  'a100-80gb',
  'h100-sxm',
  'h200',
  'b200',
  'mi300x',
]

/** All GPUs that can be asked about: those of the table, and those of this machine it does not know. */
export function knownGpus(devices: readonly Device[]): readonly FitGpu[] {
  const local = devices.filter(({ kind }) => kind === 'gpu')
  const ids = new Set(local.map(({ gpuId }) => gpuId).filter((id) => id !== null))
  const unlisted = local.filter(({ gpuId }) => gpuId === null)
  return [
    ...unlisted.map((device) => toFitGpu(specOf(device), true)),
    ...builtInGpus.map((spec) => toFitGpu(spec, ids.has(spec.id))),
  ]
}

/** The columns of the matrix: this machine's first, then those of the group, the smallest first. */
export function gpuColumns(
  gpus: readonly FitGpu[],
  { gpuGroup, gpu }: Pick<FitDraft, 'gpuGroup' | 'gpu'>,
): readonly FitGpu[] {
  return gpus
    .filter((each) => each.isLocal || each.spec.id === gpu || isInGroup(each.spec, gpuGroup))
    .toSorted(
      (a, b) =>
        Number(b.isLocal) - Number(a.isLocal) ||
        (a.usableBytes ?? Infinity) - (b.usableBytes ?? Infinity),
    )
}

/** The chosen GPU, or the first there is where the choice is of a machine that is gone. */
export function chosenGpu(gpus: readonly FitGpu[], id: string): FitGpu {
  const found = gpus.find(({ spec }) => spec.id === id) ?? gpus.find(({ isLocal }) => isLocal)
  return found ?? gpus[0]!
}

function isInGroup(spec: GpuSpec, group: FitDraft['gpuGroup']): boolean {
  switch (group) {
    case 'common':
      return common.includes(spec.id)
    case 'amd':
      return spec.vendor === 'AMD'
    case 'apple':
      return spec.vendor === 'Apple'
    case 'all':
      return true
    case 'dataCentre':
    case 'workstation':
    case 'consumer':
      return spec.segment === group && spec.vendor === 'NVIDIA'
  }
}

function toFitGpu(spec: GpuSpec, isLocal: boolean): FitGpu {
  return {
    spec,
    shortName: shortNameOf(spec),
    usableBytes: usableBytes(spec)?.usableBytes ?? null,
    isLocal,
  }
}

function shortNameOf({ name }: GpuSpec): string {
  return name
    .replace(/^(NVIDIA|AMD|Intel) /, '')
    .replace(/^(Tesla|GeForce|Instinct|Quadro|Radeon( Instinct)?) /, '')
    .replace(/ (Blackwell|Generation|Edition)\b/g, '')
    .replace(/ \d+ GB$/, '')
}

/** A GPU that the table does not list, as the machine describes it. */
function specOf(device: Device): GpuSpec {
  const total = device.memoryTotalBytes
  return {
    id: `here-${device.id}`,
    name: device.name,
    // Nobody is shown vendor and segment of a GPU that is here: they only sort the table.
    vendor: 'NVIDIA',
    segment: 'consumer',
    architecture: 'unknown',
    deviceNames: [device.name],
    unifiedMemory: device.unifiedMemory,
    memoryMarketedBytes: null,
    memoryTotalBytes: total === null ? null : { value: total, source: device.source },
    memoryVisibleBytes: null,
    bandwidthBytesPerSecond: null,
    denseFlopsPerSecond: null,
    computeCapability: device.computeCapability,
    powerWatts: null,
    source: device.source,
    alsoPublished: [],
    notes: null,
  }
}

/** The row of the table, for those who copy a command: a GPU that only this machine knows has none. */
export function tableId({ spec }: FitGpu): string | null {
  return findGpu(builtInGpus, spec.id) ? spec.id : null
}
