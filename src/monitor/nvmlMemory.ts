import { isReported } from './nvmlFigure'
import type { NvmlLibrary } from './nvmlLibrary'
import { type Memory, type MemoryV2, memoryV2Version } from './nvmlTypes'

/** Memory of a GPU or an instance in bytes; older drivers count their own reserve as used. */
export function readMemory(library: NvmlLibrary, handle: unknown) {
  const v2: (MemoryV2 & { version: number })[] = [
    { version: memoryV2Version, total: 0, reserved: 0, free: 0, used: 0 },
  ]
  if (isReported(() => library.call('nvmlDeviceGetMemoryInfo_v2', handle, v2))) {
    return memoryFigures(v2[0]!, Number(v2[0]!.reserved))
  }
  const v1: Memory[] = [{ total: 0, free: 0, used: 0 }]
  const isKnown = isReported(() => library.call('nvmlDeviceGetMemoryInfo', handle, v1))
  return memoryFigures(isKnown ? v1[0]! : null, null)
}

function memoryFigures(memory: Memory | null, reservedBytes: number | null) {
  return {
    memoryTotalBytes: memory && Number(memory.total),
    memoryReservedBytes: reservedBytes,
    memoryFreeBytes: memory && Number(memory.free),
    memoryUsedBytes: memory && Number(memory.used),
  }
}
