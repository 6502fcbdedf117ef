import koffi from 'koffi'

// The structs of nvml.h that this application passes. A newer struct carries its size and version in
// its first field, and NVML refuses any other: a wrong layout is an error, not a wrong figure.

const unsigned = 'unsigned int'
const bytes = 'unsigned long long'

export const memoryType = koffi.struct('nvmlMemory_t', { total: bytes, free: bytes, used: bytes })

export const memoryV2Type = koffi.struct('nvmlMemory_v2_t', {
  version: unsigned,
  total: bytes,
  reserved: bytes,
  free: bytes,
  used: bytes,
})

export const utilizationType = koffi.struct('nvmlUtilization_t', {
  gpu: unsigned,
  memory: unsigned,
})

/** `nvmlProcessInfo_v2_t`, of the functions whose names end in _v3. */
export const processInfoType = koffi.struct('nvmlProcessInfo_v2_t', {
  pid: unsigned,
  usedGpuMemory: bytes,
  gpuInstanceId: unsigned,
  computeInstanceId: unsigned,
})

export const eventDataType = koffi.struct('nvmlEventData_t', {
  device: 'void *',
  eventType: bytes,
  eventData: bytes,
  gpuInstanceId: unsigned,
  computeInstanceId: unsigned,
})

/** `nvmlMemory_v2`: NVML_STRUCT_VERSION(Memory, 2) = size | 2 << 24. */
export const memoryV2Version = koffi.sizeof(memoryV2Type) | (2 << 24)

/** Bytes that koffi gives where they may exceed 2⁵³: no GPU does. */
export type Count = number | bigint

export interface Memory {
  readonly total: Count
  readonly free: Count
  readonly used: Count
}

export interface MemoryV2 extends Memory {
  readonly reserved: Count
}

export interface Utilization {
  readonly gpu: number
  readonly memory: number
}

export interface ProcessInfo {
  readonly pid: number
  readonly usedGpuMemory: Count
}

export interface EventData {
  readonly device: unknown
  readonly eventType: Count
  readonly eventData: Count
}
