import koffi from 'koffi'
import { eventDataType, memoryType, memoryV2Type, utilizationType } from './nvmlTypes'
import { nvmlCodes, NvmlError } from './nvmlError'

/** A type as koffi takes it. */
type TypeSpec = Parameters<typeof koffi.sizeof>[0]

/** A function of NVML: its return code, results in the arguments. */
type NvmlFunction = (...args: unknown[]) => number

/** NVML's functions by name; calling one that this driver's library lacks gives functionNotFound. */
export interface NvmlLibrary {
  /** Calls and answers with the return code. */
  readonly code: (name: keyof typeof signatures, ...args: unknown[]) => number
  /** Calls and throws what is no success. @throws NvmlError */
  readonly call: (name: keyof typeof signatures, ...args: unknown[]) => void
  /** Throws what `code` means of `name`. @throws NvmlError */
  readonly fail: (name: keyof typeof signatures, code: number) => never
  readonly unload: () => void
}

const device = 'void *'
const out = (type: TypeSpec) => koffi.out(koffi.pointer(type))
const inOut = (type: TypeSpec) => koffi.inout(koffi.pointer(type))

/** Parameters as in nvml.h; text is filled into a buffer whose length follows. */
const signatures = {
  nvmlInit_v2: [],
  nvmlShutdown: [],
  nvmlSystemGetDriverVersion: [device, 'unsigned int'],
  nvmlSystemGetNVMLVersion: [device, 'unsigned int'],
  nvmlDeviceGetCount_v2: [out('unsigned int')],
  nvmlDeviceGetHandleByIndex_v2: ['unsigned int', koffi.out(koffi.pointer('void *'))],
  nvmlDeviceGetName: [device, device, 'unsigned int'],
  nvmlDeviceGetUUID: [device, device, 'unsigned int'],
  nvmlDeviceGetMemoryInfo: [device, out(memoryType)],
  nvmlDeviceGetMemoryInfo_v2: [device, inOut(memoryV2Type)],
  nvmlDeviceGetUtilizationRates: [device, out(utilizationType)],
  nvmlDeviceGetTemperature: [device, 'int', out('unsigned int')],
  nvmlDeviceGetPowerUsage: [device, out('unsigned int')],
  nvmlDeviceGetEnforcedPowerLimit: [device, out('unsigned int')],
  nvmlDeviceGetClockInfo: [device, 'int', out('unsigned int')],
  nvmlDeviceGetCurrentClocksEventReasons: [device, out('unsigned long long')],
  nvmlDeviceGetCurrentClocksThrottleReasons: [device, out('unsigned long long')],
  nvmlDeviceGetMaxClockInfo: [device, 'int', out('unsigned int')],
  nvmlDeviceGetTotalEnergyConsumption: [device, out('unsigned long long')],
  nvmlDeviceGetFanSpeed: [device, out('unsigned int')],
  nvmlDeviceGetPcieThroughput: [device, 'int', out('unsigned int')],
  nvmlDeviceGetCurrPcieLinkGeneration: [device, out('unsigned int')],
  nvmlDeviceGetMaxPcieLinkGeneration: [device, out('unsigned int')],
  nvmlDeviceGetCurrPcieLinkWidth: [device, out('unsigned int')],
  nvmlDeviceGetMaxPcieLinkWidth: [device, out('unsigned int')],
  nvmlDeviceGetMigMode: [device, out('unsigned int'), out('unsigned int')],
  nvmlDeviceGetMaxMigDeviceCount: [device, out('unsigned int')],
  nvmlDeviceGetMigDeviceHandleByIndex: [device, 'unsigned int', koffi.out(koffi.pointer('void *'))],
  nvmlDeviceGetComputeRunningProcesses_v3: [device, inOut('unsigned int'), device],
  nvmlDeviceGetGraphicsRunningProcesses_v3: [device, inOut('unsigned int'), device],
  nvmlEventSetCreate: [koffi.out(koffi.pointer('void *'))],
  nvmlEventSetFree: [device],
  nvmlEventSetWait_v2: [device, out(eventDataType), 'unsigned int'],
  nvmlDeviceRegisterEvents: [device, 'unsigned long long', device],
} as const

/** Where the driver puts it. */
export const nvmlPath = process.platform === 'win32' ? 'nvml.dll' : 'libnvidia-ml.so.1'

/** @throws Error where there is no such library: then there is no NVIDIA driver */
export function loadNvml(path = nvmlPath): NvmlLibrary {
  const library = load(path)
  const errorString = bind(library, 'nvmlErrorString', 'const char *', ['int']) as
    ((code: number) => string | null) | null
  const functions = new Map<string, NvmlFunction | null>()
  const find = (name: keyof typeof signatures): NvmlFunction | null => {
    const known = functions.get(name)
    if (known !== undefined) return known
    const found = bind(library, name, 'int', [...signatures[name]]) as NvmlFunction | null
    functions.set(name, found)
    return found
  }
  const code: NvmlLibrary['code'] = (name, ...args) =>
    find(name)?.(...args) ?? nvmlCodes.functionNotFound
  const fail = (name: string, result: number): never => {
    throw new NvmlError(name, result, errorString?.(result) ?? 'Unknown Error')
  }
  return {
    code,
    fail,
    call(name, ...args) {
      const result = code(name, ...args)
      if (result !== nvmlCodes.success) fail(name, result)
    },
    unload: () => library.unload(),
  }
}

function load(path: string): ReturnType<typeof koffi.load> {
  try {
    return koffi.load(path)
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause)
    throw new Error(`${path}: ${reason}`, { cause })
  }
}

/** The library's function, or null where it is too old to have it. */
function bind(
  library: ReturnType<typeof koffi.load>,
  name: string,
  result: string,
  parameters: TypeSpec[],
): ((...args: unknown[]) => unknown) | null {
  try {
    return library.func(name, result, parameters)
  } catch {
    return null
  }
}
