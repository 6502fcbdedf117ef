import type { FastFigures, SlowFigures } from '../core/monitor/figures'
import { NvmlError } from './nvmlError'
import { openXidEvents, type XidEvents } from './nvmlEvents'
import { loadNvml, type NvmlLibrary } from './nvmlLibrary'
import { isReported, readFigure } from './nvmlFigure'
import { readMemory } from './nvmlMemory'
import { openMigDevices } from './nvmlMig'
import { readSlow } from './nvmlSlow'
import { readText } from './nvmlText'
import type { Utilization } from './nvmlTypes'

// NVIDIA's own view of its GPUs. It is called by koffi and belongs into a process of its own: a wrong
// signature would end the process, and a driver in trouble may keep a call for a minute.

export interface NvmlDevice {
  /** `gpu-0`; `gpu-0-mig-1` is an instance of a GPU that is cut up, as in the devices report. */
  readonly id: string
  readonly name: string
  readonly uuid: string | null
  /** @throws NvmlError where the device or the driver is gone */
  readonly readFast: () => FastFigures
  /** @throws NvmlError where the device or the driver is gone */
  readonly readSlow: () => SlowFigures
}

export interface Nvml {
  readonly driverVersion: string | null
  readonly devices: readonly NvmlDevice[]
  /** How many there are, instances not counted. */
  readonly gpuCount: number
  /** Devices that are there and do not answer, by index: the others are read all the same. */
  readonly lost: ReadonlyMap<number, NvmlError>
  readonly close: () => void
}

/**
 * Starts NVML.
 * @throws Error where there is no library, NvmlError where the driver does not answer
 */
export function openNvml(path?: string): Nvml {
  const library = loadNvml(path)
  let xids: XidEvents | null = null
  const close = () => {
    xids?.close()
    library.code('nvmlShutdown')
    library.unload()
  }
  const devices: NvmlDevice[] = []
  const lost = new Map<number, NvmlError>()
  let gpuCount = 0
  try {
    library.call('nvmlInit_v2')
    const count = [0]
    library.call('nvmlDeviceGetCount_v2', count)
    gpuCount = count[0]!
    xids = openXidEvents(library)
    for (let index = 0; index < gpuCount; index += 1) {
      try {
        devices.push(...openDevice(library, index, xids))
      } catch (error) {
        if (!(error instanceof NvmlError)) throw error
        lost.set(index, error)
      }
    }
  } catch (error) {
    close()
    throw error
  }
  const driverVersion = readText(library, 'nvmlSystemGetDriverVersion')
  return { driverVersion, devices, gpuCount, lost, close }
}

/** The GPU, then its instances where it is cut up. */
function openDevice(library: NvmlLibrary, index: number, xids: XidEvents): NvmlDevice[] {
  const handles: unknown[] = [null]
  library.call('nvmlDeviceGetHandleByIndex_v2', index, handles)
  const [handle] = handles
  xids.watch(handle)
  const whole: NvmlDevice = {
    id: `gpu-${index}`,
    name: readText(library, 'nvmlDeviceGetName', handle) ?? `GPU ${index}`,
    uuid: readText(library, 'nvmlDeviceGetUUID', handle),
    readFast: () => readFast(library, handle),
    readSlow: () => readSlow(library, handle, xids.lastOf(handle)),
  }
  return [whole, ...openMigDevices(library, handle, whole)]
}

const temperatureOfGpu = 0
const clocks = { sm: 1, memory: 2 } as const

function readFast(library: NvmlLibrary, handle: unknown): FastFigures {
  const figure = (name: Parameters<NvmlLibrary['call']>[0], ...args: unknown[]) =>
    readFigure(library, name, handle, ...args)
  const utilization: Utilization[] = [{ gpu: 0, memory: 0 }]
  const hasUtilization = isReported(() =>
    library.call('nvmlDeviceGetUtilizationRates', handle, utilization),
  )
  const milliwatts = figure('nvmlDeviceGetPowerUsage')
  const limitMilliwatts = figure('nvmlDeviceGetEnforcedPowerLimit')
  return {
    ...readMemory(library, handle),
    spillBytes: null, // CUDA fails instead; what managed memory moves out NVML does not tell
    gpuUtilizationPercent: hasUtilization ? utilization[0]!.gpu : null,
    memoryUtilizationPercent: hasUtilization ? utilization[0]!.memory : null,
    powerDrawWatts: milliwatts === null ? null : milliwatts / 1000,
    powerLimitWatts: limitMilliwatts === null ? null : limitMilliwatts / 1000,
    smClockMHz: figure('nvmlDeviceGetClockInfo', clocks.sm),
    memoryClockMHz: figure('nvmlDeviceGetClockInfo', clocks.memory),
    temperatureCelsius: figure('nvmlDeviceGetTemperature', temperatureOfGpu),
    // The same bits under the name they had before driver 535.
    clocksEventReasons:
      figure('nvmlDeviceGetCurrentClocksEventReasons') ??
      figure('nvmlDeviceGetCurrentClocksThrottleReasons'),
  }
}
