import type { FastFigures, GpuProcess } from './figures'

// How much of a GPU's memory a new program can really have:
// total − driver reserve − other processes − spill = usable.

/**
 * How a term was taken. `reported`: the source says so. `difference`: used less our own processes.
 * `amongOthers`: an older driver counts it as used, so it is within the other processes' term.
 * `notReported`: nobody says; it counts as nothing and the line says so.
 */
export type TruthMethod = 'reported' | 'difference' | 'amongOthers' | 'notReported'

export interface TruthTerm {
  readonly bytes: number | null
  readonly method: TruthMethod
}

export interface MemoryTruth {
  readonly total: TruthTerm
  readonly driverReserve: TruthTerm
  readonly otherProcesses: TruthTerm
  readonly spill: TruthTerm
  /** Of our own processes: they can have it again. */
  readonly own: TruthTerm
  /** null where the total or the use is not reported. */
  readonly usableBytes: number | null
  /** Other processes, the largest first; those of unknown size last. */
  readonly others: readonly GpuProcess[]
  /** Held by others and by none of the listed; null where no process is listed with its bytes. */
  readonly unattributedBytes: number | null
}

const notReported: TruthTerm = { bytes: null, method: 'notReported' }
const reported = (bytes: number | null): TruthTerm =>
  bytes === null ? notReported : { bytes, method: 'reported' }

/**
 * The line of one GPU.
 * @param processes what the driver lists; null where it lists none
 * @param ownPids processes of this application
 */
export function memoryTruth(
  figures: FastFigures,
  processes: readonly GpuProcess[] | null,
  ownPids: ReadonlySet<number> = new Set(),
): MemoryTruth {
  const { memoryTotalBytes, memoryReservedBytes, memoryUsedBytes, spillBytes } = figures
  const others = (processes ?? [])
    .filter(({ pid }) => !ownPids.has(pid))
    .toSorted((a, b) => (b.usedBytes ?? -1) - (a.usedBytes ?? -1))
  const own = (processes ?? []).filter(({ pid }) => ownPids.has(pid))
  const ownBytes = sumOfKnown(own)
  const otherBytes = memoryUsedBytes === null ? null : Math.max(0, memoryUsedBytes - ownBytes)
  const listedBytes = sumOfKnown(others)
  const isListed = others.some(({ usedBytes }) => usedBytes !== null)
  return {
    total: reported(memoryTotalBytes),
    driverReserve:
      memoryReservedBytes === null && memoryUsedBytes !== null
        ? { bytes: null, method: 'amongOthers' }
        : reported(memoryReservedBytes),
    otherProcesses:
      otherBytes === null
        ? notReported
        : { bytes: otherBytes, method: ownBytes > 0 ? 'difference' : 'reported' },
    spill: reported(spillBytes),
    own: processes === null ? notReported : { bytes: ownBytes, method: 'reported' },
    usableBytes:
      memoryTotalBytes === null || otherBytes === null
        ? null
        : Math.max(
            0,
            memoryTotalBytes - (memoryReservedBytes ?? 0) - otherBytes - (spillBytes ?? 0),
          ),
    others,
    unattributedBytes:
      otherBytes === null || !isListed ? null : Math.max(0, otherBytes - listedBytes),
  }
}

function sumOfKnown(processes: readonly GpuProcess[]): number {
  return processes.reduce((sum, { usedBytes }) => sum + (usedBytes ?? 0), 0)
}
