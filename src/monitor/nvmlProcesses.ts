import koffi from 'koffi'
import type { GpuProcess } from '../core/monitor/figures'
import { nvmlCodes } from './nvmlError'
import { isReported } from './nvmlFigure'
import type { NvmlLibrary } from './nvmlLibrary'
import { type ProcessInfo, processInfoType } from './nvmlTypes'
import { readProcessName } from './processName'

const lists = {
  compute: 'nvmlDeviceGetComputeRunningProcesses_v3',
  graphics: 'nvmlDeviceGetGraphicsRunningProcesses_v3',
} as const

/** Room for this many at first; NVML says how many there are where that is too little. */
const usualCount = 64
/** Between the two questions more may have started. */
const spareCount = 16

/** Processes that hold memory of the device; null where NVML lists none of either kind. */
export function readProcesses(library: NvmlLibrary, handle: unknown): GpuProcess[] | null {
  const kinds = (['compute', 'graphics'] as const).map((type) => {
    const listed = readList(library, lists[type], handle)
    return listed?.map(({ pid, usedGpuMemory }): GpuProcess => {
      const usedBytes = knownBytes(usedGpuMemory)
      return { pid, name: readProcessName(pid), usedBytes, type }
    })
  })
  const known = kinds.filter((list) => list !== undefined)
  if (known.length === 0) return null
  // A program that does both is in both lists with the same bytes.
  const byPid = new Map(known.flat().map((entry) => [entry.pid, entry]))
  return [...byPid.values()]
}

function readList(
  library: NvmlLibrary,
  name: (typeof lists)[keyof typeof lists],
  handle: unknown,
): ProcessInfo[] | null {
  let room = usualCount
  for (let attempt = 0; attempt < 2; attempt += 1) {
    const count = [room]
    const buffer = Buffer.alloc(room * koffi.sizeof(processInfoType))
    const code = library.code(name, handle, count, buffer)
    if (code === nvmlCodes.success) {
      return koffi.decode(buffer, processInfoType, count[0]!) as ProcessInfo[]
    }
    if (code !== nvmlCodes.insufficientSize) {
      // Anything that is not a gap is thrown.
      return isReported(() => library.fail(name, code)) ? [] : null
    }
    room = count[0]! + spareCount
  }
  return null
}

/** NVML_VALUE_NOT_AVAILABLE, all bits set, stands for "not told": under Windows' display model. */
function knownBytes(value: number | bigint): number | null {
  const bytes = Number(value)
  return bytes >= 2 ** 63 ? null : bytes
}
